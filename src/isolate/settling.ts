import { poolCpuUs } from "./cpu-meter.ts";
import type { LiveIsolate } from "./live-isolate.ts";

/** What has not ended after so many looks cannot be stopped: 250 ms. */
const LOOKS = 5;
const LOOK_MS = 50;
/** Time after which all looks count: a thread that sleeps for ever uses no CPU. */
const STARVED_MS = 2_000;
/** How long a cell that closes waits for what still runs. */
const CLOSE_WAIT_MS = 500;

/** Isolates that were disposed while something ran in them, until that has ended. */
export class Settling {
  readonly #onStuck: (live: LiveIsolate) => void;
  readonly #isolates = new Set<LiveIsolate>();

  /** @param onStuck hears of an isolate in which something goes on whatever is done */
  constructor(onStuck: (live: LiveIsolate) => void) {
    this.#onStuck = onStuck;
  }

  /** Whether anything is looked at. */
  get isBusy(): boolean {
    return this.#isolates.size > 0;
  }

  /**
   * Looks until nothing of a disposed isolate runs any more, or it is clear that something always will. Looks
   * count, not time, so that a loop that stood still accuses nobody; and a look counts only if the pool had the
   * CPU to end what it runs.
   */
  watch(live: LiveIsolate): void {
    if (live.pending === 0) return;
    const sinceMs = performance.now();
    let looks = LOOKS;
    let seenUs = poolCpuUs();
    this.#isolates.add(live);
    const timer = setInterval(() => {
      const nowUs = poolCpuUs();
      if (nowUs - seenUs > (LOOK_MS * 1_000) / 2 || performance.now() - sinceMs > STARVED_MS) looks--;
      seenUs = nowUs;
      if (live.pending > 0 && looks > 0) return;
      clearInterval(timer);
      this.#isolates.delete(live);
      if (live.pending > 0) this.#onStuck(live);
    }, LOOK_MS);
    timer.unref();
  }

  /** Resolves when all have ended, or are given up. */
  async close(): Promise<void> {
    const until = performance.now() + CLOSE_WAIT_MS;
    const running = (live: LiveIsolate): boolean => live.pending > 0;
    while ([...this.#isolates].some(running) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
