/** How far back it reaches: what is older counts for a third or less. */
const LATELY_MS = 1_000;

/** How much of something there was in the last second or so: what is older counts less and less. */
export class Lately {
  #amount = 0;
  #atMs: number;

  /** @param nowMs by a monotonic clock, as in all that follows */
  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  add(amount: number, nowMs: number): void {
    this.#amount = this.at(nowMs) + amount;
  }

  /** What is left of it now. */
  at(nowMs: number): number {
    this.#amount *= Math.exp((this.#atMs - nowMs) / LATELY_MS);
    this.#atMs = nowMs;
    return this.#amount;
  }
}
