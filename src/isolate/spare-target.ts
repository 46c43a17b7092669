import { Lately } from "../clock/lately.ts";

/** Claims of the last second or so for each of which one more spare is kept. */
const CLAIMS_FOR_ONE_MORE = 4;
/** How many times what is kept in calm may be kept while claims come fast. */
const MOST_TIMES = 3;

/**
 * How many spares are kept ready: more while claims come fast, since those that come together find all of a few taken
 * and wait for an isolate to be made.
 */
export class SpareTarget {
  readonly #count: number;
  readonly #claims = new Lately(0);

  /** @param count what is kept in calm, and a third of the most */
  constructor(count: number) {
    this.#count = count;
  }

  /** One was claimed. @param nowMs monotonic time */
  claimed(nowMs: number): void {
    this.#claims.add(1, nowMs);
  }

  /** @param nowMs monotonic time */
  at(nowMs: number): number {
    const more = Math.floor(this.#claims.at(nowMs) / CLAIMS_FOR_ONE_MORE);
    return Math.min(this.#count * MOST_TIMES, this.#count + more);
  }
}
