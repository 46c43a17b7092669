import type { WrappedTest } from "../wrap-test.ts";

/** How one subtest ended, as the harness counts: 0 pass, 1 fail, 2 time-out, 3 not run, 4 not possible here. */
export type SubtestResult = readonly [name: string, status: number, message: string];

/** How a unit ended. */
export interface UnitResult {
  /** `ok`, or what went wrong beside the subtests. */
  readonly ended: string;
  readonly results: readonly SubtestResult[];
}

/** Something that runs a wrapped test. */
export interface ConformanceRuntime extends AsyncDisposable {
  readonly name: string;
  /** Never rejects: a crash is a result. */
  run(test: WrappedTest, limitMs: number): Promise<UnitResult>;
}

/** Reads what a wrapped test answered. */
export function parseResult(text: string): UnitResult {
  try {
    const { ended, results } = JSON.parse(text) as UnitResult;
    if (typeof ended === "string" && Array.isArray(results)) return { ended, results };
  } catch {
    // Told below.
  }
  return { ended: `no result: ${text.slice(0, 300)}`, results: [] };
}
