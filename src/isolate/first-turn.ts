/** How long the first turn of an isolate that was loaded is waited for, in ms: a version may be started for its own sake. */
const PATIENCE_MS = 10;

/**
 * Knows whether a start is half done: an isolate was loaded a moment ago, and the event for which that was done has not
 * had its turn. Making a spare would hold it up, by a millisecond of the loop and some of a core.
 */
export class FirstTurn {
  #isolate = -1;
  #untilMs = -Infinity;

  /** @param nowMs monotonic time */
  loaded(isolate: number, nowMs: number): void {
    this.#isolate = isolate;
    this.#untilMs = nowMs + PATIENCE_MS;
  }

  /** A turn of the isolate is over. */
  turned(isolate: number): void {
    if (isolate === this.#isolate) this.#isolate = -1;
  }

  /** Whether the turn of the isolate that was loaded last is waited for. @param nowMs monotonic time */
  isAwaited(nowMs: number): boolean {
    return this.#isolate !== -1 && nowMs < this.#untilMs;
  }
}
