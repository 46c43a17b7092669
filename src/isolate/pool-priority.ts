import { getPriority, setPriority } from "node:os";
import type { PoolThreads } from "./pool-threads.ts";

/** How much less the threads of tenants weigh than the loop. */
const NICE = 10;

/**
 * Gives the threads in which tenants' code runs a lower priority than this process's loop, on Linux. Best effort. V8's
 * helpers keep theirs: the loop shares a lock with them, and would wait for one that gets no core while it holds it.
 */
export class PoolPriority {
  readonly #threads: PoolThreads;

  constructor(threads: PoolThreads) {
    this.#threads = threads;
  }

  /** Looks for threads that stand too high. Takes some tens of microseconds. */
  lower(): void {
    try {
      for (const task of this.#threads.list()) lowerThread(task);
    } catch {
      // A system that does not say what threads there are.
    }
  }
}

function lowerThread(task: string): void {
  try {
    // Not once and for all: a host that raises a process raises all of its threads.
    if (getPriority(Number(task)) < NICE) setPriority(Number(task), NICE);
  } catch {
    // It ended meanwhile, or the system does not let us.
  }
}
