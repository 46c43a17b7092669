import { test } from "uvu";
import * as assert from "uvu/assert";
import { THROUGHPUT, WHOLE } from "../../../bench/laboratory/experiment.ts";
import type { LabRecord } from "../../../bench/laboratory/records.ts";
import { type AimResult, aimsOf } from "../../../bench/report/aims.ts";
import { reportPage } from "../../../bench/report/page/page.ts";
import { summarizeRun } from "../../../bench/report/summary.ts";
import { terminalReport } from "../../../bench/report/terminal-report.ts";
import { runRecords } from "./run-records.ts";

/** An experiment in which each subject gave the same samples in three rounds. */
function experiment(
  name: string,
  samples: Readonly<Record<string, { readonly us?: number; readonly perSecond?: number }>>,
): LabRecord[] {
  return [
    { type: "experiment", experiment: name, title: name, about: "", metrics: [WHOLE, THROUGHPUT] },
    ...Object.entries(samples).flatMap(([subject, { us, perSecond }]) =>
      [0, 1, 2].map((round): LabRecord => ({
        type: "samples",
        experiment: name,
        subject,
        round,
        samples: {
          ...(us !== undefined && { [WHOLE.name]: [us, us * 1.01, us * 1.02] }),
          ...(perSecond !== undefined && { [THROUGHPUT.name]: [perSecond * (1 + round / 100)] }),
        },
      })),
    ),
  ];
}

function run(...experiments: readonly LabRecord[][]): ReturnType<typeof summarizeRun> {
  const [first] = runRecords({});
  const subjects = ["skerry", "workerd", "workerd-loader", "raw-http", "miniflare"];
  return summarizeRun([
    first!,
    ...subjects.map((subject) => ({ type: "subject", subject, title: "", version: "1" }) as const),
    ...experiments.flat(),
  ]);
}

function verdicts(aims: readonly AimResult[]): string[] {
  return aims.map(({ verdict }) => verdict);
}

test("each aim is judged by its figure and interval, and what was not measured is said to be so", () => {
  const aims = aimsOf(
    run(
      experiment("cold-tenant", { skerry: { us: 900 }, "workerd-loader": { us: 9_000 } }),
      experiment("warm-64", {
        skerry: { perSecond: 50_000 },
        workerd: { perSecond: 10_000 },
        "raw-http": { perSecond: 100_000 },
      }),
    ),
  );
  assert.equal(verdicts(aims), [
    "met", // 0.1 of workerd's Worker Loader
    "met", // 0.9 ms
    "met", // p99
    "not measured",
    "met", // 5 times workerd's
    "not met", // half of node:http's
    ...Array.from({ length: 5 }, () => "not measured"),
  ]);
  assert.match(aims[0]!.measured, /^0\.10 \(0\.\d+ to 0\.\d+\)$/);
});

test("an aim within the interval is unclear, and a server that failed has not met its own", () => {
  const failure = {
    type: "failure",
    experiment: "tenants-10000",
    subject: "skerry",
    round: 0,
    message: "503",
  } as const;
  const aims = aimsOf(
    run(
      experiment("warm-64", {
        skerry: { perSecond: 50_000 },
        workerd: { perSecond: 1 },
        "raw-http": { perSecond: 83_333 },
      }),
      experiment("tenants-1", { skerry: { perSecond: 10_000 } }),
      [...experiment("tenants-10000", { skerry: { us: 900, perSecond: 6_000 } }), failure],
    ),
  );
  const of = (what: string): string[] => verdicts(aims.filter((aim) => aim.what.startsWith(what)));
  assert.equal(of("10,000 tenants"), ["not met"]);
  assert.equal(of("the same: throughput"), ["not met"]);
  const unclear = aimsOf(
    run(experiment("warm-64", { skerry: { perSecond: 60_000 }, "raw-http": { perSecond: 100_000 } }), [
      {
        type: "samples",
        experiment: "warm-64",
        subject: "skerry",
        round: 3,
        samples: { [THROUGHPUT.name]: [20_000] },
      },
      {
        type: "samples",
        experiment: "warm-64",
        subject: "raw-http",
        round: 3,
        samples: { [THROUGHPUT.name]: [100_000] },
      },
    ]),
  );
  assert.is(unclear.find(({ aim }) => aim.includes("raw node:http"))!.verdict, "unclear");
});

test("where ours differs from itself, no aim is called met or missed", () => {
  const restless = (again: number): AimResult[] =>
    aimsOf(
      run(
        experiment("warm-64", {
          skerry: { perSecond: 50_000 },
          "skerry-again": { perSecond: again },
          workerd: { perSecond: 10_000 },
        }),
      ),
    );
  const of = (aims: readonly AimResult[]): AimResult => aims.find(({ aim }) => aim.includes("3 times"))!;
  assert.is(of(restless(50_000)).verdict, "met");
  assert.is(of(restless(200_000)).verdict, "unclear");
  assert.match(of(restless(200_000)).measured, "the control differs from itself");
});

test("the table stands in both reports, and in none where nothing of it was measured", () => {
  const measured = run(experiment("warm-64", { skerry: { perSecond: 4 }, workerd: { perSecond: 1 } }));
  assert.match(
    terminalReport(measured),
    /warm hello, 64 connections, throughput +at least 3 times workerd's +4\.00 .* met/,
  );
  assert.match(reportPage(measured), "The table of aims");
  const other = summarizeRun(runRecords({ "raw-http": 100 }));
  assert.not.match(terminalReport(other), "The table of aims");
  assert.not.match(reportPage(other), "The table of aims");
});

test.run();
