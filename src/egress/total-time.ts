import { EgressError } from "./egress-error.ts";

/** What can be ended before its time. */
interface Ending {
  abort(reason: unknown): void;
}

/** The time that one fetch has for all its redirects and its body. */
export class TotalTime {
  readonly #endMs: number;

  constructor(totalMs: number) {
    this.#endMs = performance.now() + totalMs;
  }

  /** Ends a part of the fetch when the time is over. @returns what stops watching it */
  watch(part: Ending): () => void {
    const late = (): void =>
      part.abort(new EgressError("TypeError", "Cannot fetch: the origin took too long in all"));
    const timer = setTimeout(late, Math.max(0, this.#endMs - performance.now()));
    timer.unref();
    return () => clearTimeout(timer);
  }
}
