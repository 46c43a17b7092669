import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareRuns } from "../../../bench/report/compare-runs.ts";
import { summarizeRun } from "../../../bench/report/summary.ts";
import { terminalReport } from "../../../bench/report/terminal-report.ts";
import { WHOLE } from "../../../bench/laboratory/experiment.ts";
import type { LabRecord } from "../../../bench/laboratory/records.ts";
import { runRecords } from "./run-records.ts";

const CALM = runRecords({ skerry: 500, "skerry-again": 500, workerd: 1_000 });

test("a summary has the ratio of ours to each, the control's verdict and what failed", () => {
  const { experiments } = summarizeRun(CALM);
  const [whole, throughput] = experiments[0]!.metrics;
  assert.equal(
    whole!.figures.map(({ subject }) => subject),
    ["skerry", "workerd"],
  );
  assert.is(whole!.figures[0]!.ratio, null);
  const p50 = whole!.figures[1]!.ratio!.p50!;
  assert.ok(p50.low < 0.5 && p50.high > 0.5 && p50.high < 0.55, JSON.stringify(p50));
  assert.is(whole!.figures[0]!.count, 300);
  assert.is(throughput!.figures[0]!.count, 5);
  assert.is(whole!.control.p50!.conclusive, true);
  assert.equal(experiments[0]!.failures, [
    { subject: "bun", message: "it <b>ended</b>\nwith more", rounds: 1 },
  ]);
});

test("a machine on which Skerry differs from itself concludes nothing, and the report says so", () => {
  const restless = summarizeRun(runRecords({ skerry: 500, "skerry-again": 700, workerd: 1_000 }));
  assert.is(restless.experiments[0]!.metrics[0]!.control.p50!.conclusive, false);
  assert.match(terminalReport(restless), "too restless to conclude anything here");
  assert.match(terminalReport(summarizeRun(CALM)), /p50: skerry against itself is 1 within its interval/);
});

test("the table names figures in units that read well, and shows each distribution", () => {
  const text = terminalReport(summarizeRun(CALM));
  assert.match(text, /warm-1 of all {2}\[warm-1\]/);
  assert.match(text, /workerd +1\.00 ms|workerd +\d{3,4} us/);
  assert.match(text, /0\.50 \(0\.\d\d-0\.\d\d\)/);
  assert.match(text, /[▁▂▃▄▅▆▇█]/);
  assert.match(text, "bun failed in one round: it <b>ended</b>");
});

test("a comparison calls slower what is beyond the interval, and the same what is not", () => {
  const slower = runRecords({ skerry: 650, "skerry-again": 650, workerd: 1_000 }, 2);
  const { changes, onlyNow, warnings } = compareRuns(CALM, slower, summarizeRun(slower));
  const of = (subject: string, metric: string): string =>
    changes.find((one) => one.subject === subject && one.metric === metric && one.quantile === "p50")!
      .difference;
  assert.is(of("skerry", "whole answer"), "worse");
  assert.is(of("skerry", "throughput"), "worse");
  assert.is(of("workerd", "whole answer"), "same");
  assert.equal([onlyNow, warnings], [[], []]);
});

test("runs of different workers and machines are not called the same", () => {
  const other = runRecords({ shop: 500 });
  const [first, ...rest] = other;
  const run = { ...first, ours: "shop", machine: { cpu: "1 x slow" } } as LabRecord;
  const { changes, onlyNow, warnings } = compareRuns(CALM, [run, ...rest], summarizeRun([run, ...rest]));
  assert.equal(changes, []);
  assert.equal(onlyNow, ["warm-1, shop", "warm-8, shop"]);
  assert.equal(warnings, ["cpu was 2 x <fast>, and is 1 x slow."]);
});

test("rounds are paired by their numbers, also where one is missing", () => {
  const drifting = (subject: string): LabRecord[] =>
    [0, 1, 2].map((round) => ({
      type: "samples",
      experiment: "warm-1",
      subject,
      round,
      samples: { [WHOLE.name]: [100 * 10 ** round, 101 * 10 ** round] },
    }));
  const head = CALM.filter(({ type }) => type === "run" || type === "subject" || type === "experiment");
  const records = [...head, ...drifting("skerry").slice(1), ...drifting("workerd")];
  const { ratio } = summarizeRun(records).experiments[0]!.metrics[0]!.figures[1]!;
  assert.is(ratio!.p50!.value, 1);
});

test("a client that was busy nearly all the time is named, and quantiles without samples beyond them are not", () => {
  const records = CALM.map((record) =>
    record.type === "samples" ? { ...record, clientBusy: 0.97 } : record,
  );
  const text = terminalReport(summarizeRun(records));
  assert.match(text, "the client of workerd was busy for 97 % of the time");
  const throughput = text.split("\n").find((line) => /workerd .* 1,000 \/s/.test(line))!;
  assert.match(throughput, /1,000 \/s \(1,000 \/s to 1,000 \/s\) +1,000 \/s +1,000 \/s +5 /);
});

test("a file without its first line is refused", () => {
  assert.throws(() => summarizeRun(CALM.slice(1)), 'no line with "type": "run"');
});

test.run();
