import { Violation } from "./violation.ts";

const WINDOW_MS = 1_000;

/** How many frames a child may send in a time: each costs its host some microseconds, however small it is. */
export class FrameRate {
  readonly #most: number;
  readonly #nowMs: () => number;
  #count = 0;
  #sinceMs: number;

  /**
   * @param perSecond an honest child sends some for each turn
   * @param nowMs monotonic
   */
  constructor(perSecond: number, nowMs: () => number = () => performance.now()) {
    this.#most = perSecond;
    this.#nowMs = nowMs;
    this.#sinceMs = nowMs();
  }

  /** @throws Violation for the first frame too many */
  count(): void {
    if (++this.#count < this.#most) return;
    const nowMs = this.#nowMs();
    if (nowMs - this.#sinceMs < WINDOW_MS) throw new Violation("too many frames at once");
    this.#count = 0;
    this.#sinceMs = nowMs;
  }
}
