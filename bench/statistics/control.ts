import type { Estimate } from "./bootstrap.ts";

/** What a variant that is measured against itself says of the machine. */
export interface ControlVerdict {
  /** Whether the ratio of the two is 1 within its interval, as it must be. */
  readonly conclusive: boolean;
  /** How far two runs of the same thing lie apart: 0.08 is 8 %. Differences below it mean nothing. */
  readonly noise: number;
}

/** Judges the ratio of a variant to itself: unless it is 1 within its interval the machine is too restless to compare. */
export function judgeControl(ratio: Estimate): ControlVerdict {
  return {
    conclusive: ratio.low <= 1 && ratio.high >= 1,
    noise: Math.max(Math.abs(ratio.high - 1), Math.abs(ratio.low - 1)),
  };
}

/** How a figure differs from another one, in words that a table has room for. */
export type Difference = "same" | "better" | "worse";

/**
 * Compares two measurements by the interval of their ratio.
 * @param ratio New to old.
 * @param lessIsBetter Whether a smaller figure is the better one: times and memory, not throughput.
 */
export function judgeChange(ratio: Estimate, lessIsBetter: boolean): Difference {
  if (ratio.low <= 1 && ratio.high >= 1) return "same";
  return ratio.value < 1 === lessIsBetter ? "better" : "worse";
}
