import { Violation } from "./violation.ts";

/** What a child may send in a second. */
export interface FrameRates {
  readonly frames: number;
  readonly values: number;
  readonly bytes: number;
}

const WINDOW_MS = 1_000;
/** Some ten times what a host can make use of. */
const RATES: FrameRates = { frames: 500_000, values: 5_000_000, bytes: 2 * 1024 ** 3 };

/**
 * How much a child may send in a time. Each frame costs its host some microseconds, however small it is, and each value
 * in it some tens of nanoseconds.
 */
export class FrameRate {
  readonly #most: FrameRates;
  readonly #nowMs: () => number;
  #frames = 0;
  #values = 0;
  #bytes = 0;
  #sinceMs: number;

  /**
   * @param most an honest child sends some frames for each turn
   * @param nowMs monotonic
   */
  constructor(most: FrameRates = RATES, nowMs: () => number = () => performance.now()) {
    this.#most = most;
    this.#nowMs = nowMs;
    this.#sinceMs = nowMs();
  }

  /** Counts a frame. @throws Violation for the first one too many */
  count(values: number, sizeBytes: number): void {
    this.#frames++;
    this.#values += values;
    this.#bytes += sizeBytes;
    const { frames, values: mostValues, bytes } = this.#most;
    if (this.#frames < frames && this.#values < mostValues && this.#bytes < bytes) return;
    const nowMs = this.#nowMs();
    if (nowMs - this.#sinceMs < WINDOW_MS) throw new Violation("too much in too many frames at once");
    this.#frames = 1;
    this.#values = values;
    this.#bytes = sizeBytes;
    this.#sinceMs = nowMs;
  }
}
