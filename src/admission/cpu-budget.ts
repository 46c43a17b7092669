const MINUTE_MS = 60_000;

/**
 * CPU that an account may use in a minute: a bucket that fills evenly and holds one minute's worth. What has been used is
 * charged afterwards, so the bucket may run into debt.
 */
export class CpuBudget {
  readonly #perMinuteMs: number;
  #leftMs: number;
  #filledAtMs: number;

  /** @param perMinuteMs CPU a minute, in ms; Infinity for no limit */
  constructor(perMinuteMs: number, nowMs: number) {
    this.#perMinuteMs = perMinuteMs;
    this.#leftMs = perMinuteMs;
    this.#filledAtMs = nowMs;
  }

  /** What is left, in ms; negative where more was used. */
  leftMs(nowMs: number): number {
    if (this.#perMinuteMs === Infinity) return Infinity;
    const filledMs = ((nowMs - this.#filledAtMs) / MINUTE_MS) * this.#perMinuteMs;
    this.#leftMs = Math.min(this.#perMinuteMs, this.#leftMs + filledMs);
    this.#filledAtMs = nowMs;
    return this.#leftMs;
  }

  charge(cpuMs: number): void {
    this.#leftMs -= cpuMs;
  }

  get isFull(): boolean {
    return this.#leftMs >= this.#perMinuteMs;
  }

  /** Nothing is left: no more events may begin. */
  isEmpty(nowMs: number): boolean {
    return this.leftMs(nowMs) <= 0;
  }

  /** Twice the budget is used: what runs has to end. */
  isOverdrawn(nowMs: number): boolean {
    return this.leftMs(nowMs) <= -this.#perMinuteMs;
  }

  /** Time until something is left again, in ms. */
  refillsInMs(nowMs: number): number {
    const leftMs = this.leftMs(nowMs);
    return leftMs > 0 ? 0 : ((1 - leftMs) / this.#perMinuteMs) * MINUTE_MS;
  }
}
