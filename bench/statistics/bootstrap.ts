import type { Distribution } from "./distribution.ts";
import { Pool } from "./pool.ts";
import { seededRandom } from "./random.ts";
import { boundOf, shareWithin } from "./student-t.ts";

/** A figure, and the range in which it would likely be found if all was measured again. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A ratio, and how likely equal things would differ as much. */
export interface RatioEstimate extends Estimate {
  readonly chance: number;
}

/** What a statistic is taken of: the samples of each round by its number. They are no single pot since rounds differ. */
export type Rounds = ReadonlyMap<number, Distribution>;

/** How many times rounds are drawn again. */
const DRAWS = 400;
const CONFIDENCE = 0.95;
const SEED = 20_261_127;

/**
 * A quantile over all rounds, which weigh the same, with its 95 % interval: rounds are drawn again with replacement (the
 * bootstrap over clusters: Davison and Hinkley, "Bootstrap Methods and their Application", 1997, 3.8), and the standard error
 * that shows is taken times Student's t, since percentiles of draws from a handful of rounds are too narrow. So an interval is
 * as wide as the rounds differ, however many samples each has. Of one round nothing is known: its interval is all there is.
 *
 * @param share The quantile, such as 0.5 for the median.
 * @throws RangeError without samples, and for a share outside 0 to 1.
 * @example
 * estimateQuantile(new Map([[0, Distribution.of([1.1, 1.2])], [1, Distribution.of([1.3])]]), 0.5);
 */
export function estimateQuantile(rounds: Rounds, share: number): Estimate {
  const pool = new Pool([...rounds.values()]);
  const value = pool.quantile(share);
  const scale = scaleOf(value);
  const error = errorOf(rounds.size, (times) => scale.to(pool.quantile(share, times)));
  return { value, ...range(value, scale, error, rounds.size - 1) };
}

/**
 * The ratio of a quantile of `ours` to the same of `theirs`, with its 95 % interval. Rounds of one run are drawn in pairs, as they
 * were measured, so that what slowed both down in one round does not widen the interval; a round that one of both lacks is no
 * pair and does not count.
 *
 * @param paired Whether round n of one was measured beside round n of the other; rounds of two runs are drawn apart (Welch).
 * @returns null where there is nothing to compare.
 * @throws RangeError for a share outside 0 to 1.
 */
export function estimateRatio(
  ours: Rounds,
  theirs: Rounds,
  share: number,
  paired = true,
): RatioEstimate | null {
  const common = [...ours.keys()].filter((round) => !paired || theirs.has(round));
  if (common.length === 0 || theirs.size === 0) return null;
  const a = new Pool(common.map((round) => ours.get(round)!));
  const b = new Pool(paired ? common.map((round) => theirs.get(round)!) : [...theirs.values()]);
  const value = a.quantile(share) / b.quantile(share);
  const scale = scaleOf(value);
  const { error, freedom } = paired
    ? {
        error: errorOf(common.length, (times) =>
          scale.to(a.quantile(share, times) / b.quantile(share, times)),
        ),
        freedom: common.length - 1,
      }
    : apart(
        {
          error: errorOf(common.length, (times) => scale.to(a.quantile(share, times))),
          count: common.length,
        },
        { error: errorOf(theirs.size, (times) => scale.to(b.quantile(share, times))), count: theirs.size },
      );
  const distance = Math.abs(scale.to(value) - scale.to(1));
  const chance =
    freedom < 1 ? 1 : error === 0 ? Number(distance === 0) : 1 - shareWithin(distance / error, freedom);
  return { value, chance, ...range(value, scale, error, freedom) };
}

interface Scale {
  to(value: number): number;
  from(value: number): number;
}

/** Times and ratios spread by factors; what is not above nothing has no logarithm. */
function scaleOf(value: number): Scale {
  return value > 0
    ? { to: (one) => Math.log(Math.max(one, Number.MIN_VALUE)), from: Math.exp }
    : { to: (one) => one, from: (one) => one };
}

/** The standard error of a statistic of so many rounds. @param of Its value where each round counts so many times. */
function errorOf(count: number, of: (times: readonly number[]) => number): number {
  const random = seededRandom(SEED);
  const seen = new Map<string, number>();
  let sum = 0;
  let squares = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const times = Array.from({ length: count }, () => 0);
    for (let drawn = 0; drawn < count; drawn++) times[Math.floor(random() * count)]!++;
    const key = times.join();
    let value = seen.get(key);
    if (value === undefined) seen.set(key, (value = of(times)));
    sum += value;
    squares += value * value;
  }
  const variance = Math.max(0, squares / DRAWS - (sum / DRAWS) ** 2);
  // Draws from n rounds vary by (n - 1) / n of what rounds do.
  return Math.sqrt((variance * count) / Math.max(1, count - 1));
}

interface Side {
  readonly error: number;
  readonly count: number;
}

/** Two statistics that were measured apart, with the degrees of freedom that Welch and Satterthwaite give. */
function apart(a: Side, b: Side): { readonly error: number; readonly freedom: number } {
  const [x, y] = [a.error ** 2, b.error ** 2];
  const least = Math.min(a.count, b.count) - 1;
  if (least < 1 || x + y === 0) return { error: Math.sqrt(x + y), freedom: least };
  return {
    error: Math.sqrt(x + y),
    freedom: (x + y) ** 2 / (x ** 2 / (a.count - 1) + y ** 2 / (b.count - 1)),
  };
}

function range(value: number, scale: Scale, error: number, freedom: number): { low: number; high: number } {
  if (freedom < 1) return { low: value > 0 ? 0 : -Infinity, high: Infinity };
  const half = error === 0 ? 0 : error * boundOf(CONFIDENCE, freedom);
  return { low: scale.from(scale.to(value) - half), high: scale.from(scale.to(value) + half) };
}
