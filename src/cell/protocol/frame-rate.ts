import { Violation } from "./violation.ts";

/** What of a child is read in a second. */
export interface FrameRates {
  readonly frames: number;
  readonly values: number;
  readonly bytes: number;
}

const WINDOW_MS = 1_000;
/**
 * More than a host can make use of; of frames some ten times that. So many values keep its loop for about a quarter of a
 * second.
 */
const RATES: FrameRates = { frames: 500_000, values: 2_000_000, bytes: 2 * 1024 ** 3 };

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

  /**
   * Counts a frame.
   * @returns for how long nothing more is to be read, in ms; 0 as a rule. Honest children may have so many values or
   *   bytes to send, as of bulk reads: they wait
   * @throws Violation for one frame too many: no honest child comes near
   */
  count(values: number, sizeBytes: number): number {
    this.#frames++;
    this.#values += values;
    this.#bytes += sizeBytes;
    const { frames, values: mostValues, bytes } = this.#most;
    if (this.#frames < frames && this.#values < mostValues && this.#bytes < bytes) return 0;
    const nowMs = this.#nowMs();
    const leftMs = this.#sinceMs + WINDOW_MS - nowMs;
    if (leftMs > 0) {
      if (this.#frames >= frames) throw new Violation("too many frames at once");
      return leftMs;
    }
    this.#frames = 1;
    this.#values = values;
    this.#bytes = sizeBytes;
    this.#sinceMs = nowMs;
    return 0;
  }
}
