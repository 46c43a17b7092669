import type { Distribution } from "./distribution.ts";

/** The samples of some rounds in one rising row, in which each round weighs the same however many it has. */
export class Pool {
  readonly #values: Float64Array;
  readonly #rounds: Uint32Array;
  readonly #counts: Float64Array;
  readonly #roundCounts: readonly number[];

  /** @throws RangeError without samples. */
  constructor(rounds: readonly Distribution[]) {
    const all = rounds.flatMap(({ values, counts }, round) =>
      Array.from(values, (value, at) => ({ value, round, count: counts[at]! })),
    );
    if (all.length === 0) throw new RangeError("a quantile of no samples was asked for");
    all.sort((a, b) => a.value - b.value);
    this.#values = Float64Array.from(all, ({ value }) => value);
    this.#rounds = Uint32Array.from(all, ({ round }) => round);
    this.#counts = Float64Array.from(all, ({ count }) => count);
    this.#roundCounts = rounds.map(({ count }) => count);
  }

  /** Each value in rising order, with its weight: all rounds together weigh as much as there are rounds. */
  *[Symbol.iterator](): Generator<[value: number, weight: number]> {
    for (let at = 0; at < this.#values.length; at++)
      yield [this.#values[at]!, this.#counts[at]! / this.#roundCounts[this.#rounds[at]!]!];
  }

  /**
   * The sample below which `share` of the weight lies, between two neighbours by linear interpolation. Where all rounds have
   * equally many samples that is type 7 of Hyndman and Fan, as R, NumPy and spreadsheets have it.
   *
   * @param times How many times each round counts; once where it is left out.
   * @throws RangeError for a share outside 0 to 1.
   */
  quantile(share: number, times?: readonly number[]): number {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`share is ${share}; it must be from 0 to 1`);
    const weights = this.#roundCounts.map((count) => 1 / count);
    const timesOf = (at: number): number => times?.[this.#rounds[at]!] ?? 1;
    let last = this.#values.length - 1;
    while (timesOf(last) === 0) last--;
    const total = this.#roundCounts.reduce((sum, _, round) => sum + (times?.[round] ?? 1), 0);
    const goal = share * (total - weights[this.#rounds[last]!]!);
    let before = 0;
    let below = this.#values[0]!;
    let belowAt = 0;
    for (let at = 0; at <= last; at++) {
      const count = this.#counts[at]! * timesOf(at);
      if (count === 0) continue;
      const weight = weights[this.#rounds[at]!]!;
      const value = this.#values[at]!;
      if (before >= goal) return between(below, value, belowAt, before, goal);
      // Equal samples lie one after the other up to here.
      below = value;
      belowAt = before + weight * (count - 1);
      if (belowAt >= goal) return value;
      before += weight * count;
    }
    return this.#values[last]!;
  }
}

function between(below: number, above: number, from: number, to: number, at: number): number {
  return to === from ? above : below + ((above - below) * (at - from)) / (to - from);
}
