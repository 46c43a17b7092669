import { abortInternals, type AbortSignal } from "./abort-signal.ts";

/** Aborts the signal that it made. */
export class AbortController {
  #signal: AbortSignal = abortInternals.make();

  get signal(): AbortSignal {
    return this.#signal;
  }
  abort(...args: [reason?: unknown]): void {
    abortInternals.abort(this.#signal, args[0]);
  }
}
