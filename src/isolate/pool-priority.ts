import { readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";

const TASKS = "/proc/self/task";
/** How much less the threads of tenants weigh than the loop. */
const NICE = 10;

/**
 * Gives the threads in which tenants' code runs a lower priority than this process's loop, on Linux. They are
 * known by bearing the main thread's name: all of Node's own have another. Best effort.
 */
export class PoolPriority {
  /** Threads that were there before, or have been dealt with. */
  readonly #known = new Set<string>();
  readonly #name: string | undefined;

  constructor() {
    try {
      this.#name = nameOf(String(process.pid));
      for (const task of readdirSync(TASKS)) this.#known.add(task);
    } catch {
      this.#name = undefined;
    }
  }

  /** Looks for new threads of the pool. Takes some tens of microseconds. */
  lower(): void {
    if (this.#name === undefined) return;
    try {
      for (const task of readdirSync(TASKS)) {
        if (this.#known.has(task)) continue;
        this.#known.add(task);
        if (nameOf(task) === this.#name) setPriority(Number(task), NICE);
      }
    } catch {
      // A thread that ended meanwhile, or a system that does not let us.
    }
  }
}

function nameOf(task: string): string {
  return readFileSync(`${TASKS}/${task}/comm`, "latin1");
}
