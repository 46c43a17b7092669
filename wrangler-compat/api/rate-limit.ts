/** Lets so many things pass under a name, and then so many a second. */
export class RateLimit {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { left: number; seenMs: number }>();

  /** @param now a monotonic clock, in ms */
  constructor(burst: number, perSecond: number, now: () => number = () => performance.now()) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /** Whether one more may pass under `name` now. */
  take(name: string): boolean {
    const nowMs = this.#now();
    const { left, seenMs } = this.#buckets.get(name) ?? { left: this.#burst, seenMs: nowMs };
    const filled = Math.min(this.#burst, left + ((nowMs - seenMs) / 1_000) * this.#perSecond);
    const passes = filled >= 1;
    this.#buckets.set(name, { left: passes ? filled - 1 : filled, seenMs: nowMs });
    if (this.#buckets.size > 10_000) this.#forgetFull(nowMs);
    return passes;
  }

  #forgetFull(nowMs: number): void {
    for (const [name, { left, seenMs }] of this.#buckets)
      if (left + ((nowMs - seenMs) / 1_000) * this.#perSecond >= this.#burst) this.#buckets.delete(name);
  }
}
