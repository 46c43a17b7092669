/** Something that takes a thread of the pool for a while. */
export interface Runnable {
  /** Runs until its thread is free again. Never rejects. */
  run(): Promise<void>;
}

export interface RunQueueOptions {
  /** Entries that run at once and are younger than `youngMs`. */
  readonly young: number;
  /** Entries that run at once, whatever their age. */
  readonly all: number;
  /** Age from which an entry does not keep others waiting. */
  readonly youngMs: number;
}

/**
 * Lets a bounded number of entries run at once: beyond the pool's size isolated-vm starts a thread for each.
 * An entry that takes long stops counting, so that slow tenants do not hold up the others.
 */
export class RunQueue {
  readonly #options: RunQueueOptions;
  readonly #waiting: Runnable[] = [];
  /** What runs, with the time of its start; an entry of its own for each start. */
  readonly #running = new Map<Runnable, { readonly startedMs: number }>();
  #head = 0;
  #paused = false;

  constructor(options: RunQueueOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  add(runnable: Runnable): void {
    this.#waiting.push(runnable);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.pump();
  }

  /** An entry that was given up stops counting at once. */
  release(runnable: Runnable): void {
    this.#running.delete(runnable);
    this.pump();
  }

  /** Starts what has a place. To be called when one may have come free, by age too. */
  pump(): void {
    while (!this.#paused && this.waiting > 0 && this.#hasPlace()) {
      const next = this.#waiting[this.#head++]!;
      if (this.#head > 1_000 && this.#head * 2 > this.#waiting.length) {
        this.#waiting.splice(0, this.#head);
        this.#head = 0;
      }
      const start = { startedMs: performance.now() };
      this.#running.set(next, start);
      void next.run().finally(() => {
        // It may have been started again before this is heard.
        if (this.#running.get(next) === start) this.#running.delete(next);
        this.pump();
      });
    }
    if (this.waiting === 0 && this.#head > 0) {
      this.#waiting.length = 0;
      this.#head = 0;
    }
  }

  #hasPlace(): boolean {
    const { young, all, youngMs } = this.#options;
    if (this.#running.size >= all) return false;
    if (this.#running.size < young) return true;
    const since = performance.now() - youngMs;
    let count = 0;
    for (const { startedMs } of this.#running.values()) if (startedMs > since) count++;
    return count < young;
  }
}
