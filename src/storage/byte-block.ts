import type { Bytes } from "./kv-store.ts";

const FIRST_BYTES = 1024;

/** Gathers bytes into blocks of one size, whatever the size of the pieces in which they come. */
export class ByteBlock {
  readonly #maxBytes: number;
  #bytes: Bytes = new Uint8Array(0);
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get full(): boolean {
    return this.#length === this.#maxBytes;
  }

  /** Takes as many as fit, as a copy, and gives the rest. */
  fill(bytes: Bytes): Bytes {
    const taken = bytes.subarray(0, this.#maxBytes - this.#length);
    const after = this.#length + taken.length;
    if (after > this.#bytes.length) {
      const larger = new Uint8Array(
        Math.min(this.#maxBytes, Math.max(FIRST_BYTES, after, this.#bytes.length * 2)),
      );
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(taken, this.#length);
    this.#length = after;
    return bytes.subarray(taken.length);
  }

  /** Gives what was gathered, in a buffer of exactly that size, and begins the next block. */
  take(): Bytes {
    const block = this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    return block;
  }
}
