/** Time that is given at most, and what comes back of it with each ms that passes. */
const MOST_MS = 10_000;
const BACK_PER_MS = 0.1;

/**
 * Tells how long a host stood still between looks that should come at an interval: what moved meanwhile could not be
 * seen, so it should not count against anyone. What is given is bounded: a host that is late all the time, which its
 * tenants can make it, still ends what takes too long.
 */
export class Standstill {
  readonly #intervalMs: number;
  #lookedMs: number;
  #leftMs = MOST_MS;

  /** @param nowMs Monotonic time from which the first interval counts. */
  constructor(intervalMs: number, nowMs: number) {
    this.#intervalMs = intervalMs;
    this.#lookedMs = nowMs;
  }

  /** The next interval counts from now: there was nothing to look at. */
  start(nowMs: number): void {
    this.#lookedMs = nowMs;
  }

  /**
   * Takes a look.
   * @returns ms by which deadlines should move; 0 where the look came at most one interval late
   */
  look(nowMs: number): number {
    const passedMs = nowMs - this.#lookedMs;
    this.#lookedMs = nowMs;
    const lateMs = passedMs - this.#intervalMs;
    const givenMs = lateMs > this.#intervalMs ? Math.min(lateMs, this.#leftMs) : 0;
    this.#leftMs = Math.min(MOST_MS, this.#leftMs - givenMs + passedMs * BACK_PER_MS);
    return givenMs;
  }
}
