import type { Estimate, RatioEstimate } from "./bootstrap.ts";

/** What a variant that is measured against itself says of the machine. */
export interface ControlVerdict {
  /** Whether the ratio of the two is 1 within its interval, as it must be. */
  readonly conclusive: boolean;
  /** How far two runs of the same thing lie apart: 0.08 is 8 %. Differences below it mean nothing. */
  readonly noise: number;
}

/**
 * Judges the ratio of a variant to itself: unless it is 1 within its interval the machine is too restless to compare.
 * @returns null where there is no interval, as of one round.
 */
export function judgeControl(ratio: Estimate | null): ControlVerdict | null {
  if (ratio === null || !Number.isFinite(ratio.high)) return null;
  return {
    conclusive: ratio.low <= 1 && ratio.high >= 1,
    noise: Math.max(Math.abs(ratio.high - 1), Math.abs(ratio.low - 1)),
  };
}

/** How a figure differs from another one, in words that a table has room for. */
export type Difference = "same" | "better" | "worse";

/** A comparison of two measurements. */
export interface Compared {
  /** New to old. */
  readonly ratio: RatioEstimate;
  /** Whether a smaller figure is the better one: times and memory, not throughput. */
  readonly lessIsBetter: boolean;
}

/** How likely it may be that anything of a whole table is called different though nothing is. */
const MOST_CHANCE = 0.05;

/**
 * Judges a table of comparisons. Of many figures some always lie beyond their own intervals, so that the whole table is held to
 * 5 % (Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979).
 */
export function judgeChanges<One extends Compared>(
  all: readonly One[],
): (One & { readonly difference: Difference })[] {
  const byChance = [...all].sort((a, b) => a.ratio.chance - b.ratio.chance);
  const firstSame = byChance.findIndex(({ ratio }, at) => ratio.chance > MOST_CHANCE / (all.length - at));
  const different = new Set(byChance.slice(0, firstSame === -1 ? all.length : firstSame));
  return all.map((one) => ({ ...one, difference: different.has(one) ? direction(one) : "same" }));
}

function direction({ ratio, lessIsBetter }: Compared): Difference {
  return ratio.value < 1 === lessIsBetter ? "better" : "worse";
}
