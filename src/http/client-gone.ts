import type { GoneSignal } from "../dispatch/edge.ts";

/** Whether the client of one request went away. An `AbortSignal` would cost more than all else that a request keeps. */
export class ClientGone implements GoneSignal {
  aborted = false;
  /** Those who want to know, which is one where a worker answers. */
  #listeners: (() => void)[] = [];

  addEventListener(_type: "abort", listener: () => void): void {
    if (!this.aborted) this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  /** The client is gone. Whoever listens hears of it once. */
  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
