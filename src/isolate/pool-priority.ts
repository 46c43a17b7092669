import { readdirSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import type { PoolThreads } from "./pool-threads.ts";

/** How much less the threads of tenants weigh than the loop. */
const NICE = 10;
const TASKS = "/proc/self/task";
/** What Node calls V8's helpers, which compile what became hot. */
const HELPER = "node-V8Worker";

/**
 * Gives the threads in which tenants' code runs a lower priority than this process's loop, on Linux. Best effort.
 */
export class PoolPriority {
  readonly #threads: PoolThreads;
  readonly #helpers: readonly string[];

  /** @param ownProcess whether V8's helpers work for tenants, and not for an embedder's own code */
  constructor(threads: PoolThreads, ownProcess: boolean) {
    this.#threads = threads;
    this.#helpers = ownProcess ? helpers() : [];
  }

  /** Looks for threads that stand too high. Takes some tens of microseconds. */
  lower(): void {
    try {
      for (const task of this.#threads.list()) lowerThread(task);
    } catch {
      // A system that does not say what threads there are.
    }
    for (const task of this.#helpers) lowerThread(task);
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

/** V8's helpers: all of them are there from the process's start on. */
function helpers(): readonly string[] {
  try {
    return readdirSync(TASKS).filter(
      (task) => readFileSync(`${TASKS}/${task}/comm`, "latin1").trim() === HELPER,
    );
  } catch {
    return [];
  }
}
