import { EgressError } from "./egress-error.ts";

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Lets so many through at once; others wait in the order in which they came. */
export class Gate {
  readonly #places: () => number;
  readonly #maxWaiting: number;
  readonly #waiting = new Set<Waiter>();
  #taken = 0;

  /** @param places how many; a function is asked each time */
  constructor(places: number | (() => number), maxWaiting: number) {
    this.#places = typeof places === "number" ? () => places : places;
    this.#maxWaiting = maxWaiting;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Whether nobody is in it or waits. */
  get idle(): boolean {
    return this.#taken === 0;
  }

  /**
   * Waits for a place.
   *
   * @returns what gives the place back; calling it again does nothing.
   * @throws {EgressError} if too many wait already; the signal's reason if it aborts first.
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#taken < this.#places()) this.#taken += 1;
    else if (this.#waiting.size >= this.#maxWaiting)
      throw new EgressError("TypeError", "Cannot fetch: too many fetches are waiting");
    else await this.#wait(signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#leave();
    };
  }

  async #wait(signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { resolve, reject };
    const onAbort = (): void => {
      if (this.#waiting.delete(waiter)) reject(signal?.reason);
    };
    this.#waiting.add(waiter);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** The place is free, or goes to the next in line. */
  #leave(): void {
    this.#taken -= 1;
    // There may be fewer places than before: not so few that nobody leaves whom those who wait could follow.
    while (this.#waiting.size > 0 && (this.#taken === 0 || this.#taken < this.#places())) {
      const [next] = this.#waiting;
      this.#waiting.delete(next!);
      this.#taken += 1;
      next!.resolve();
    }
  }
}
