/** A moment after which something is given up. Moving it costs no timer. */
export interface Deadline {
  /** Sets or moves it: so many ms from now. */
  in(ms: number): void;
  /** Nothing is waited for any more. */
  clear(): void;
}

/**
 * All deadlines of a listener, looked at together every so often: a timer per chunk of a body would
 * cost more than the chunk.
 */
export class Deadlines {
  readonly #armed = new Map<Deadline, { readonly atMs: number; readonly expire: () => void }>();
  readonly #timer: NodeJS.Timeout;

  /** @param intervalMs How often they are looked at, so how late they may be. */
  constructor(intervalMs: number) {
    this.#timer = setInterval(() => this.#sweep(), intervalMs);
    this.#timer.unref();
  }

  /** Makes a deadline that is not set. */
  create(expire: () => void): Deadline {
    const deadline: Deadline = {
      in: (ms) => void this.#armed.set(deadline, { atMs: performance.now() + ms, expire }),
      clear: () => void this.#armed.delete(deadline),
    };
    return deadline;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#armed.clear();
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const [deadline, { atMs, expire }] of this.#armed) {
      if (atMs > nowMs) continue;
      this.#armed.delete(deadline);
      expire();
    }
  }
}
