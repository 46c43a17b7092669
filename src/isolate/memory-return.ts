import ivm from "isolated-vm";

/** V8 lets go of pooled pages when an isolate is made more than 8 s after others were disposed. */
const WAIT_MS = 10_000;
const DUMMY_MB = 8;

/** Gives the heap of disposed isolates back to the system: it stays in V8's pool otherwise. */
export class MemoryReturn {
  readonly #busy: () => boolean;
  readonly #giveBack: () => void;
  readonly #waitMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;

  /**
   * @param busy whether now is a bad moment to spend a millisecond of the loop
   * @param giveBack makes V8 let go of what has been pooled for `waitMs`
   */
  constructor(busy: () => boolean, giveBack: () => void = makeDummy, waitMs: number = WAIT_MS) {
    this.#busy = busy;
    this.#giveBack = giveBack;
    this.#waitMs = waitMs;
  }

  /** An isolate was disposed. */
  disposed(): void {
    this.#lastMs = performance.now();
    if (this.#timer === undefined) this.#arm(this.#waitMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #arm(waitMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#busy()) return this.#arm(Math.ceil(this.#waitMs / 10));
      this.#giveBack();
      // What was disposed meanwhile is too young to have gone.
      const leftMs = this.#lastMs + this.#waitMs - performance.now();
      if (leftMs > 0) this.#arm(Math.ceil(leftMs));
    }, waitMs);
    this.#timer.unref();
  }
}

function makeDummy(): void {
  new ivm.Isolate({ memoryLimit: DUMMY_MB }).dispose();
}
