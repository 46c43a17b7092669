import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareRuns } from "../../../bench/report/compare-runs.ts";
import { summarizeRun } from "../../../bench/report/summary.ts";
import { terminalReport } from "../../../bench/report/terminal-report.ts";
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
  const { p50 } = whole!.figures[1]!.ratio!;
  assert.ok(p50.low < 0.5 && p50.high > 0.5 && p50.high < 0.55, JSON.stringify(p50));
  assert.is(whole!.figures[0]!.count, 300);
  assert.is(throughput!.figures[0]!.count, 5);
  assert.is(whole!.control!.conclusive, true);
  assert.equal(experiments[0]!.failures, [{ subject: "bun", message: "it <b>ended</b>\nwith more" }]);
});

test("a machine on which Skerry differs from itself concludes nothing, and the report says so", () => {
  const restless = summarizeRun(runRecords({ skerry: 500, "skerry-again": 700, workerd: 1_000 }));
  assert.is(restless.experiments[0]!.metrics[0]!.control!.conclusive, false);
  assert.match(terminalReport(restless), "too restless to conclude anything here");
  assert.match(terminalReport(summarizeRun(CALM)), /skerry against itself is 1 within its interval/);
});

test("the table names figures in units that read well, and shows each distribution", () => {
  const text = terminalReport(summarizeRun(CALM));
  assert.match(text, /warm-1 of all {2}\[warm-1\]/);
  assert.match(text, /workerd +1\.00 ms|workerd +\d{3,4} us/);
  assert.match(text, /0\.50 \(0\.\d\d-0\.\d\d\)/);
  assert.match(text, /[▁▂▃▄▅▆▇█]/);
  assert.match(text, "bun failed: it <b>ended</b>");
});

test("a comparison calls slower what is beyond the interval, and the same what is not", () => {
  const slower = runRecords({ skerry: 650, "skerry-again": 650, workerd: 1_000 }, 2);
  const changes = compareRuns(CALM, slower, summarizeRun(slower));
  const of = (subject: string, metric: string): string =>
    changes.find((one) => one.subject === subject && one.metric === metric && one.quantile === "p50")!
      .difference;
  assert.is(of("skerry", "whole answer"), "worse");
  assert.is(of("skerry", "throughput"), "worse");
  assert.is(of("workerd", "whole answer"), "same");
});

test("a file without its first line is refused", () => {
  assert.throws(() => summarizeRun(CALM.slice(1)), 'no line with "type": "run"');
});

test.run();
