import { poolCpuUs } from "./cpu-meter.ts";
import type { LiveIsolate } from "./live-isolate.ts";
import type { PoolThreads } from "../cell/supervision/pool-threads.ts";

const LOOK_MS = 10;
/**
 * CPU that the threads of isolates get after a dispose before what still runs is said to be stuck: what can be
 * stopped ends within a millisecond, and a collection of a large heap within some 50.
 */
const STUCK_US = 100_000;
/**
 * What one look counts for at most: its own length, so that a loop that stood still accuses nobody, and what the system
 * may have counted late.
 */
const MOST_US = 1.5 * LOOK_MS * 1_000;
/**
 * Time after which it is stuck whatever it got: a thread that sleeps for ever uses no CPU. Long, as on a machine whose
 * cores are taken one that could be stopped may wait for seconds until it is its turn to end.
 */
const STARVED_MS = 5_000;
/** How long a cell that closes waits for what still runs. */
const CLOSE_WAIT_MS = 500;

/** Isolates that were disposed while something ran in them, until that has ended. */
export class Settling {
  readonly #onStuck: (live: LiveIsolate) => void;
  readonly #isolates = new Set<LiveIsolate>();
  readonly #threads: PoolThreads;
  readonly #running: ReadonlySet<LiveIsolate>;

  /**
   * @param running isolates that share the threads
   * @param onStuck hears of an isolate in which something goes on whatever is done
   */
  constructor(threads: PoolThreads, running: ReadonlySet<LiveIsolate>, onStuck: (live: LiveIsolate) => void) {
    this.#threads = threads;
    this.#running = running;
    this.#onStuck = onStuck;
  }

  /** How many are looked at. */
  get count(): number {
    return this.#isolates.size;
  }

  /**
   * Looks until nothing of a disposed isolate runs any more, or it is clear that something always will: it had the
   * CPU to end, and did not.
   */
  watch(live: LiveIsolate): void {
    if (live.pending === 0) return;
    const sinceMs = performance.now();
    let leftUs = STUCK_US;
    let looks = 0;
    let seenUs = this.#cpuUs();
    this.#isolates.add(live);
    const timer = setInterval(() => {
      const nowUs = this.#cpuUs();
      const share = Math.max(0, nowUs - seenUs) / (this.#isolates.size + this.#running.size);
      leftUs -= Math.min(share, MOST_US);
      seenUs = nowUs;
      const isStarved = ++looks * LOOK_MS > STARVED_MS && performance.now() - sinceMs > STARVED_MS;
      // A look that comes a little early leaves a little.
      if (live.pending > 0 && leftUs > LOOK_MS * 250 && !isStarved) return;
      clearInterval(timer);
      this.#isolates.delete(live);
      if (live.pending > 0) this.#onStuck(live);
    }, LOOK_MS);
    timer.unref();
  }

  #cpuUs(): number {
    return this.#threads.totalUs() ?? poolCpuUs();
  }

  /** Resolves when all have ended, or are given up, which is reported. @returns whether none was given up */
  async close(): Promise<boolean> {
    const until = performance.now() + CLOSE_WAIT_MS;
    const running = (live: LiveIsolate): boolean => live.pending > 0;
    while ([...this.#isolates].some(running) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const stuck = [...this.#isolates].filter(running);
    for (const live of stuck) {
      this.#isolates.delete(live);
      this.#onStuck(live);
    }
    return stuck.length === 0;
  }
}
