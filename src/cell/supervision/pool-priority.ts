import { getPriority, setPriority } from "node:os";
import type { PoolThreads } from "./pool-threads.ts";

/** How much less a thread weighs than the loop while it uses much CPU. */
const NICE = 10;
/** Part of a core from which on a thread uses much, and below which it does so no longer. */
const MUCH = 0.1;
const LITTLE = 0.05;
/** How far back the figure for that reaches, in ms. */
const MEMORY_MS = 50;

interface Use {
  usedUs: number;
  /** Part of a core that it used of late. */
  share: number;
  usesMuch: boolean;
}

/**
 * Gives the threads in which tenants' code runs a lower priority than the loop of their process, on Linux: those that use
 * much CPU, so that an answer which takes a moment stands neither behind those that compute nor behind the loops of
 * others. Who may not give back a priority that he took lowers them all, once and for all. Best effort. V8's helpers
 * keep theirs: the loop shares a lock with them, and would wait for one that gets no core while it holds it.
 */
export class PoolPriority {
  readonly #threads: PoolThreads;
  readonly #pid: number;
  readonly #mayRaise: boolean;
  #uses = new Map<string, Use>();
  #seenMs: number | undefined;

  /** @param mayRaise whether this process may raise a priority @param pid process whose threads they are */
  constructor(threads: PoolThreads, mayRaise: boolean, pid: number = process.pid) {
    this.#threads = threads;
    this.#mayRaise = mayRaise;
    this.#pid = pid;
  }

  /**
   * Looks at what each thread used since the last look, and sets priorities. Takes some tens of microseconds.
   * @param nowMs by a monotonic clock
   */
  look(nowMs: number = performance.now()): void {
    const passedMs = Math.max(0, nowMs - (this.#seenMs ?? nowMs));
    this.#seenMs = nowMs;
    const before = this.#uses;
    this.#uses = new Map();
    try {
      const own = getPriority(this.#pid);
      for (const [task, usedUs] of this.#threads.uses()) {
        const use = before.get(task) ?? { usedUs, share: 0, usesMuch: false };
        this.#uses.set(task, use);
        note(use, usedUs, passedMs);
        setNice(Number(task), use.usesMuch || !this.#mayRaise ? Math.max(own, NICE) : own);
      }
    } catch {
      // A system that does not say what threads there are.
    }
  }
}

function note(use: Use, usedUs: number, passedMs: number): void {
  if (passedMs > 0) {
    const share = (usedUs - use.usedUs) / 1_000 / passedMs;
    use.share += (share - use.share) * (1 - Math.exp(-passedMs / MEMORY_MS));
    use.usedUs = usedUs;
  }
  use.usesMuch = use.share > (use.usesMuch ? LITTLE : MUCH);
}

function setNice(task: number, nice: number): void {
  try {
    // Not once and for all: a host that raises a process raises all of its threads.
    if (getPriority(task) !== nice) setPriority(task, nice);
  } catch {
    // It ended meanwhile, or the system does not let us.
  }
}
