import { quantile, sort } from "./quantile.ts";
import { seededRandom } from "./random.ts";

/** A figure, and the range in which it would likely be found if all was measured again. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a statistic is taken of: the samples of each round, which are no single pot since rounds differ. */
export type Rounds = readonly (readonly number[])[];

/** How many times samples are drawn again. */
const DRAWS = 400;
/** Samples that a draw takes of a round at most: fewer than there are make the interval a little wider, never narrower. */
const MOST_DRAWN = 200;
const CONFIDENCE = 0.95;
const SEED = 20_261_127;

/**
 * A quantile over all rounds, with its 95 % interval by the percentile bootstrap in two stages (Davison and Hinkley,
 * "Bootstrap Methods and their Application", 1997, 3.8): rounds are drawn with replacement, then samples within each.
 * So an interval is as wide as the rounds differ, however many samples each has.
 *
 * @param share The quantile, such as 0.5 for the median.
 * @throws RangeError without samples.
 * @example
 * estimateQuantile([[1.1, 1.2, 1.0], [1.3, 1.1, 1.2]], 0.5); // { value: 1.15, low: …, high: … }
 */
export function estimateQuantile(rounds: Rounds, share: number): Estimate {
  const random = seededRandom(SEED);
  return {
    value: quantile(sort(rounds.flat()), share),
    ...interval(() => quantile(sort(drawPooled(drawRounds(rounds, random), random)), share)),
  };
}

/**
 * The ratio of a quantile of `ours` to the same of `theirs`, with its 95 % interval. Rounds of one run are drawn in pairs,
 * as they were measured, so that what slowed both down in one round does not widen the interval.
 *
 * @param paired Whether round n of one was measured beside round n of the other; rounds of two runs are drawn apart.
 * @throws RangeError where either has no samples, or pairs are asked for where there are none.
 */
export function estimateRatio(ours: Rounds, theirs: Rounds, share: number, paired = true): Estimate {
  if (paired && ours.length !== theirs.length) {
    throw new RangeError(
      `there are ${ours.length} rounds of one and ${theirs.length} of the other; they are no pairs`,
    );
  }
  const random = seededRandom(SEED);
  const ratio = (a: readonly number[], b: readonly number[]): number =>
    quantile(sort(a), share) / quantile(sort(b), share);
  const indexes = ours.map((_, index) => index);
  return {
    value: ratio(ours.flat(), theirs.flat()),
    ...interval(() => {
      const drawn = drawRounds(indexes, random);
      const beside = paired ? drawn.map((index) => theirs[index]!) : drawRounds(theirs, random);
      return ratio(
        drawPooled(
          drawn.map((index) => ours[index]!),
          random,
        ),
        drawPooled(beside, random),
      );
    }),
  };
}

function interval(draw: () => number): { low: number; high: number } {
  const values = sort(Array.from({ length: DRAWS }, draw));
  const out = (1 - CONFIDENCE) / 2;
  return { low: quantile(values, out), high: quantile(values, 1 - out) };
}

function drawRounds<Round>(rounds: readonly Round[], random: () => number): Round[] {
  return rounds.map(() => rounds[Math.floor(random() * rounds.length)]!);
}

function drawPooled(rounds: Rounds, random: () => number): number[] {
  const drawn: number[] = [];
  for (const round of rounds) {
    const count = Math.min(round.length, MOST_DRAWN);
    for (let i = 0; i < count; i++) drawn.push(round[Math.floor(random() * round.length)]!);
  }
  return drawn;
}
