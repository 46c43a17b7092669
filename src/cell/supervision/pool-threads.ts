import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";

interface Thread {
  readonly file: number;
  /** What it had used when it was looked at last; undefined before. */
  usedUs: number | undefined;
}

/**
 * The threads in which tenants' code runs, on Linux, and the CPU that they have used. They are known by bearing the
 * main thread's name: all of Node's own have another. isolated-vm does not say which of them runs which isolate.
 */
export class PoolThreads {
  readonly #buffer = Buffer.alloc(128);
  readonly #threads = new Map<string, Thread>();
  /** Threads that are none of the pool's. */
  readonly #others: Set<string>;
  readonly #tasks: string;
  readonly #most: number;
  readonly #name: string | undefined;
  #totalUs = 0;
  #lookedMs = performance.now();

  /** @param pid process whose threads they are @param most how many are looked at; the rest is left alone */
  constructor(pid: number = process.pid, most: number = Infinity) {
    // A cell may read nothing of others, and its own by this name only.
    this.#tasks = `/proc/${pid === process.pid ? "self" : pid}/task`;
    this.#most = most;
    this.#others = new Set([String(pid)]);
    try {
      this.#name = this.#nameOf(String(pid));
      const file = this.#open(String(pid));
      this.#usOf(file);
      closeSync(file);
    } catch {
      this.#name = undefined;
    }
  }

  /**
   * CPU of all threads of the pool, in microseconds, since the look before they were first seen; what one used since the last look
   * before it ended is left out. Takes about 10 µs and 2 for each thread. Undefined where the system does not say.
   * @param known looks at those threads only that were seen before, which spares the 10 µs
   */
  totalUs(known = false): number | undefined {
    if (this.#name === undefined) return undefined;
    try {
      if (!known) this.list();
    } catch {
      return undefined;
    }
    const lookedMs = this.#lookedMs;
    this.#lookedMs = performance.now();
    for (const [task, thread] of this.#threads) {
      try {
        const usedUs = this.#usOf(thread.file);
        // One that is new may have served for long, unseen; what it used before the last look is nobody's now.
        const mostUs = (this.#lookedMs - lookedMs) * 1_000;
        this.#totalUs += thread.usedUs === undefined ? Math.min(usedUs, mostUs) : usedUs - thread.usedUs;
        thread.usedUs = usedUs;
      } catch {
        this.#drop(task, thread);
      }
    }
    return this.#totalUs;
  }

  /** The ids of the pool's threads, and the CPU that each used since it was first seen. @throws where the system does not say */
  *uses(): Generator<readonly [task: string, usedUs: number]> {
    for (const task of this.list()) {
      const thread = this.#threads.get(task)!;
      try {
        yield [task, this.#usOf(thread.file)];
      } catch {
        // It ended meanwhile.
      }
    }
  }

  /** The ids of the pool's threads now. @throws where the system does not say */
  list(): Iterable<string> {
    if (this.#name === undefined) return [];
    const tasks = readdirSync(this.#tasks);
    for (const task of tasks) {
      if (this.#threads.has(task) || this.#others.has(task)) continue;
      try {
        if (this.#threads.size >= this.#most || this.#nameOf(task) !== this.#name) this.#others.add(task);
        else this.#threads.set(task, { file: this.#open(task), usedUs: undefined });
      } catch {
        // It ended meanwhile.
      }
    }
    // Ids come again: what has gone is not to be taken for what it was.
    if (tasks.length !== this.#threads.size + this.#others.size) this.#forgetGone(new Set(tasks));
    return this.#threads.keys();
  }

  close(): void {
    for (const [task, thread] of this.#threads) this.#drop(task, thread);
  }

  #forgetGone(alive: ReadonlySet<string>): void {
    for (const [task, thread] of this.#threads) if (!alive.has(task)) this.#drop(task, thread);
    for (const task of this.#others) if (!alive.has(task)) this.#others.delete(task);
  }

  #drop(task: string, { file }: Thread): void {
    this.#threads.delete(task);
    closeSync(file);
  }

  #open(task: string): number {
    return openSync(`${this.#tasks}/${task}/schedstat`, "r");
  }

  /** Time on a core, which the system keeps in nanoseconds. */
  #usOf(file: number): number {
    const length = readSync(file, this.#buffer, 0, this.#buffer.length, 0);
    const usedUs = Number.parseInt(this.#buffer.toString("latin1", 0, length), 10) / 1_000;
    if (!Number.isFinite(usedUs)) throw new Error("schedstat has no numbers");
    return usedUs;
  }

  #nameOf(task: string): string {
    return readFileSync(`${this.#tasks}/${task}/comm`, "latin1");
  }
}
