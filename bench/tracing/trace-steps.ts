import type { RequestStep, StepName } from "../../src/clock/request-steps.ts";
import { quantile, sort } from "../statistics/quantile.ts";

/** One row of a trace. */
export interface TraceRow {
  /** Where the code of the step is. */
  readonly folder: string;
  readonly step: string;
  readonly meaning: string;
  /** Median over the requests of each kind, in microseconds; null where they do not have the step. */
  readonly coldUs: number | null;
  readonly warmUs: number | null;
}

const STEPS: readonly (readonly [step: StepName, folder: string, meaning: string])[] = [
  ["read", "src/http", "the head is checked and put into the host's own form"],
  ["routed", "src/control, src/route", "host and path lead to a worker and its version"],
  ["admitted", "src/dispatch, src/admission", "a number, the bounds of the body, a place in the account"],
  ["place", "src/warm", "a cell, and room for one more isolate"],
  [
    "code",
    "src/versions, src/secrets, src/cell",
    "code, code cache and secrets are read and put to the cell",
  ],
  ["isolate", "src/warm", "an isolate that has room, or the one that started"],
  ["sent", "src/dispatch, src/cell", "the request becomes records and is on its way"],
  [
    "load",
    "src/cell, src/isolate, runtime-api",
    "the version starts in an isolate, with the request behind it",
  ],
  ["answered", "src/isolate, runtime-api/worker", "a turn: the worker's own code runs, and answers"],
  ["written", "src/http", "the answer is checked and put to the socket"],
];
const PARTS: Readonly<Record<string, string>> = {
  claim: "an isolate that waits, or a new one",
  compile: "V8 compiles the script, or takes it from the code cache",
  evaluate: "the top level of the modules runs",
};

/**
 * Makes the table of a trace: what each step of requests took, those that started an isolate apart from the others.
 * @param steps Steps of whole requests, in the order in which they ended.
 */
export function traceRows(steps: readonly RequestStep[]): TraceRow[] {
  const requests = [...Map.groupBy(steps, ({ request }) => request).values()].filter(isWhole);
  const isCold = (of: readonly RequestStep[]): boolean => of.some(({ step }) => step === "load");
  const cold = requests.filter(isCold).map(stepTimes);
  const warm = requests.filter((of) => !isCold(of)).map(stepTimes);
  const row = (name: string, folder: string, step: string, meaning: string): TraceRow => ({
    folder,
    step,
    meaning,
    coldUs: median(cold, name),
    warmUs: median(warm, name),
  });
  return [
    ...STEPS.flatMap(([step, folder, meaning]) => [
      row(step, folder, step, meaning),
      ...(step === "load"
        ? Object.entries(PARTS).map(([part, what]) => row(part, "", `  of it: ${part}`, what))
        : []),
    ]),
    row("all", "", "all", "from the parsed head to the written answer"),
  ];
}

function isWhole(steps: readonly RequestStep[]): boolean {
  return steps[0]?.step === "arrived" && steps.at(-1)?.step === "written";
}

/** What each step and each part of one took, in microseconds. */
function stepTimes(steps: readonly RequestStep[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const [at, { step, atMs, partsMs = {} }] of steps.entries()) {
    const before = steps[at - 1];
    if (before !== undefined) times.set(step, (times.get(step) ?? 0) + (atMs - before.atMs) * 1_000);
    for (const [part, ms] of Object.entries(partsMs)) times.set(part, ms * 1_000);
  }
  return times.set("all", (steps.at(-1)!.atMs - steps[0]!.atMs) * 1_000);
}

function median(requests: readonly Map<string, number>[], name: string): number | null {
  const found = requests.map((times) => times.get(name)).filter((time) => time !== undefined);
  return found.length === 0 ? null : quantile(sort(found), 0.5);
}
