import { setPriority } from "node:os";
import type { PoolThreads } from "./pool-threads.ts";

/** How much less the threads of tenants weigh than the loop. */
const NICE = 10;

/**
 * Gives the threads in which tenants' code runs a lower priority than this process's loop, on Linux. Best effort.
 */
export class PoolPriority {
  readonly #threads: PoolThreads;
  /** Threads that have been dealt with. */
  #known = new Set<string>();

  constructor(threads: PoolThreads) {
    this.#threads = threads;
  }

  /** Looks for new threads of the pool. Takes some tens of microseconds. */
  lower(): void {
    try {
      const known = new Set<string>();
      for (const task of this.#threads.list()) {
        known.add(task);
        if (!this.#known.has(task)) setPriority(Number(task), NICE);
      }
      this.#known = known;
    } catch {
      // A thread that ended meanwhile, or a system that does not let us.
    }
  }
}
