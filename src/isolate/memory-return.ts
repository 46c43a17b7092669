import ivm from "isolated-vm";

/** V8 lets go of pooled pages when an isolate is made more than 8 s after others were disposed. */
const WAIT_MS = 10_000;
const DUMMY_MB = 8;

/** Gives the heap of disposed isolates back to the system: it stays in V8's pool otherwise. */
export class MemoryReturn {
  readonly #busy: () => boolean;
  #timer: NodeJS.Timeout | undefined;

  /** @param busy whether now is a bad moment to spend a millisecond of the loop */
  constructor(busy: () => boolean) {
    this.#busy = busy;
  }

  /** An isolate was disposed. */
  disposed(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#busy()) return this.disposed();
      new ivm.Isolate({ memoryLimit: DUMMY_MB }).dispose();
    }, WAIT_MS);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
