import type { LiveIsolate } from "./live-isolate.ts";

/** How long nobody has asked for an isolate that is idle, in ms. */
const IDLE_MS = 5_000;
/** Pause between two of them, and before the next look at a cell that is busy. */
const PAUSE_MS = 10;
/** Uses that are nearer to each other than this, in ms, are as good as one. */
const NEAR_MS = 500;
/** How often a busy cell may put one off. */
const PATIENCE = 100;
/** What an isolate uses before it is worth another time, in microseconds: ten times what that costs. */
const AGAIN_US = 50_000;
/** A heap of this size takes long to go through, and what is given back is a small part of it. */
const MOST_HEAP_BYTES = 16 * 1024 * 1024;

/** The clock of `IdleShrink`. Tests may give their own. */
export interface IdleShrinkClock {
  /** Monotonic, in ms. */
  nowMs(): number;
  /** Calls once, after a time in ms; gives what stops it. */
  after(waitMs: number, call: () => void): () => void;
}

const SYSTEM: IdleShrinkClock = {
  nowMs: () => performance.now(),
  after: (waitMs, call) => {
    const timer = setTimeout(call, waitMs).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Has isolates give back what they do not need when nobody has asked them for a while: V8 does it by itself only where
 * code runs. What is left of a start alone is some 0.5 MB. One at a time, so that others hardly notice.
 */
export class IdleShrink {
  readonly #shrink: (live: LiveIsolate) => Promise<boolean>;
  readonly #busy: () => boolean;
  readonly #clock: IdleShrinkClock;
  /** When each was used, the longest idle one first. */
  readonly #waiting = new Map<LiveIsolate, number>();
  readonly #shrunkUs = new WeakMap<LiveIsolate, number>();
  #stop: (() => void) | undefined;
  #shrinking = false;
  #patience = PATIENCE;
  #closed = false;

  /**
   * @param shrink collects an isolate's garbage when it is free; tells whether it did
   * @param busy whether now is a bad moment
   */
  constructor(
    shrink: (live: LiveIsolate) => Promise<boolean>,
    busy: () => boolean,
    clock: IdleShrinkClock = SYSTEM,
  ) {
    this.#shrink = shrink;
    this.#busy = busy;
    this.#clock = clock;
  }

  /** An isolate had a turn. @param nowMs monotonic time */
  used(live: LiveIsolate, nowMs: number): void {
    const usedMs = this.#waiting.get(live);
    if (usedMs === undefined) {
      const shrunkUs = this.#shrunkUs.get(live);
      if (shrunkUs !== undefined && live.boundedUs - shrunkUs < AGAIN_US) return;
    } else if (nowMs - usedMs < NEAR_MS) return;
    else this.#waiting.delete(live);
    this.#waiting.set(live, nowMs);
    if (this.#stop === undefined && !this.#shrinking) this.#arm(IDLE_MS);
  }

  /** An isolate is gone. */
  ended(live: LiveIsolate): void {
    this.#waiting.delete(live);
  }

  close(): void {
    this.#closed = true;
    this.#stop?.();
    this.#waiting.clear();
  }

  #arm(waitMs: number): void {
    if (this.#closed) return;
    this.#stop = this.#clock.after(waitMs, () => {
      this.#stop = undefined;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    for (const [live, usedMs] of this.#waiting) {
      const leftMs = usedMs + IDLE_MS - this.#clock.nowMs();
      if (leftMs > 0) return this.#arm(Math.ceil(leftMs));
      if (this.#busy() && this.#patience-- > 0) return this.#arm(PAUSE_MS);
      this.#patience = PATIENCE;
      this.#waiting.delete(live);
      if (live.heapBytes > MOST_HEAP_BYTES) continue;
      this.#shrinking = true;
      if (await this.#shrink(live)) this.#shrunkUs.set(live, live.boundedUs);
      this.#shrinking = false;
      if (this.#waiting.size > 0) this.#arm(PAUSE_MS);
      return;
    }
  }
}
