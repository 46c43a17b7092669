import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { FRAME_VERSION, HEADER_BYTES } from "./frame.ts";
import { valueRoom, writeValue } from "./value-codec.ts";

const FIRST_BYTES = 16 * 1024;

/** Gathers frames so that all of one turn of the loop leave in one write. */
export class FrameWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(0);
  #size = 0;

  /** Bytes gathered and not taken. */
  get size(): number {
    return this.#size;
  }

  /** Appends one frame. @param type one of `Frame` */
  frame(type: number, values: readonly Flat[]): void {
    const start = this.#size;
    this.#reserve(HEADER_BYTES);
    let at = start + HEADER_BYTES;
    this.#size = at;
    for (const value of values) {
      this.#reserve(valueRoom(value));
      at = writeValue(this.#buffer, at, value);
      this.#size = at;
    }
    this.#buffer.writeUInt32LE(at - start - 4, start);
    this.#buffer[start + 4] = FRAME_VERSION;
    this.#buffer[start + 5] = type;
  }

  /** Gives all frames gathered since the last call, as one piece of memory that is the caller's. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#size);
    this.#buffer = Buffer.allocUnsafeSlow(0);
    this.#size = 0;
    return taken;
  }

  #reserve(more: number): void {
    const needed = this.#size + more;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2, FIRST_BYTES));
    this.#buffer.copy(grown, 0, 0, this.#size);
    this.#buffer = grown;
  }
}
