/** What may be used at one go is what comes in meanwhile, in ms. */
const BURST_MS = 2;
/** What is owed at most is what comes in meanwhile, in ms: who could not be stopped in time waits no longer for it. */
const DEBT_MS = 500;

/**
 * Time that somebody may use: it comes in evenly, next to nothing of it is kept, and what has been used is charged
 * afterwards. Who may use half of the time shall do so in many short pieces: others wait for the longest ones.
 *
 * @example
 * const allowance = new Allowance(500, nowMs); // half a core
 * allowance.charge(usedUs, nowMs);
 * if (allowance.waitMs(nowMs) > 0) holdIt();
 */
export class Allowance {
  #usPerMs: number;
  #leftUs = 0;
  #filledMs: number;

  /** @param usPerMs what comes in, in microseconds for each ms, above 0 @param nowMs by a monotonic clock */
  constructor(usPerMs: number, nowMs: number) {
    this.#usPerMs = usPerMs;
    this.#filledMs = nowMs;
  }

  /** What may be used at one go, in microseconds. */
  get burstUs(): number {
    return this.#usPerMs * BURST_MS;
  }

  /** Another amount comes in from now on. */
  change(usPerMs: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#usPerMs = usPerMs;
    this.#add(0);
  }

  charge(usedUs: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#add(-usedUs);
  }

  /** How long it has to wait before it uses more, in ms; 0 where it need not. */
  waitMs(nowMs: number): number {
    this.#fill(nowMs);
    return this.#leftUs >= 0 ? 0 : -this.#leftUs / this.#usPerMs;
  }

  #fill(nowMs: number): void {
    this.#add(Math.max(0, nowMs - this.#filledMs) * this.#usPerMs);
    this.#filledMs = nowMs;
  }

  #add(us: number): void {
    this.#leftUs = Math.min(this.burstUs, Math.max(-this.#usPerMs * DEBT_MS, this.#leftUs + us));
  }
}
