import ivm from "isolated-vm";

/** V8 lets go of pooled pages when an isolate is made more than 8 s after others were disposed. */
const WAIT_MS = 10_000;
const DUMMY_MB = 8;

/** What `MemoryReturn` needs of its surroundings. Tests may give their own. */
export interface MemoryReturnParts {
  /** Makes V8 let go of what has been pooled for a while. */
  giveBack(): void;
  /** Monotonic, in ms. */
  nowMs(): number;
  /** Calls once, after a time in ms; gives what stops it. */
  after(waitMs: number, call: () => void): () => void;
}

const SYSTEM: MemoryReturnParts = {
  giveBack: () => new ivm.Isolate({ memoryLimit: DUMMY_MB }).dispose(),
  nowMs: () => performance.now(),
  after: (waitMs, call) => {
    const timer = setTimeout(call, waitMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Gives the heap of disposed isolates back to the system: it stays in V8's pool otherwise. */
export class MemoryReturn {
  readonly #busy: () => boolean;
  readonly #parts: MemoryReturnParts;
  #stop: (() => void) | undefined;
  #lastMs = 0;

  /** @param busy whether now is a bad moment to spend a millisecond of the loop */
  constructor(busy: () => boolean, parts: MemoryReturnParts = SYSTEM) {
    this.#busy = busy;
    this.#parts = parts;
  }

  /** An isolate was disposed. */
  disposed(): void {
    this.#lastMs = this.#parts.nowMs();
    if (this.#stop === undefined) this.#arm(WAIT_MS);
  }

  close(): void {
    this.#stop?.();
  }

  #arm(waitMs: number): void {
    this.#stop = this.#parts.after(waitMs, () => {
      this.#stop = undefined;
      if (this.#busy()) return this.#arm(WAIT_MS / 10);
      this.#parts.giveBack();
      // What was disposed meanwhile is too young to have gone.
      const leftMs = this.#lastMs + WAIT_MS - this.#parts.nowMs();
      if (leftMs > 0) this.#arm(Math.ceil(leftMs));
    });
  }
}
