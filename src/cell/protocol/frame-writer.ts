import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { FRAME_VERSION, HEADER_BYTES } from "./frame.ts";
import { BYTES_HEADER, valueRoom, writeBytesHeader, writeValue } from "./value-codec.ts";

const FIRST_BYTES = 16 * 1024;
/** Byte arrays from this size on leave from where they are, instead of being copied among the others. */
const LARGE_BYTES = 16 * 1024;
/** Memory that is kept to be written anew. */
const KEPT_BYTES = 256 * 1024;
const NOTHING = Buffer.allocUnsafeSlow(0);

/** Gathers frames so that all of one turn of the loop leave in one write. */
export class FrameWriter {
  #buffer: Buffer = NOTHING;
  /** The part of the buffer that belongs to no piece yet. */
  #from = 0;
  #at = 0;
  /** What was gathered before that part. */
  #pieces: Uint8Array[] = [];
  #piecesSize = 0;
  /** Where the header of the frame stands that is written. */
  #head: Buffer = NOTHING;
  #headAt = 0;

  /** Bytes gathered and not taken. */
  get size(): number {
    return this.#piecesSize + this.#at - this.#from;
  }

  /**
   * Appends one frame. Large byte arrays are not copied: nobody may change them from now on.
   * @param type one of `Frame`
   */
  frame(type: number, values: readonly Flat[]): void {
    const before = this.size;
    this.#reserve(HEADER_BYTES);
    this.#head = this.#buffer;
    this.#headAt = this.#at;
    this.#at += HEADER_BYTES;
    for (const value of values) {
      if (typeof value === "object" && value !== null && value.length >= LARGE_BYTES) this.#large(value);
      else {
        this.#reserve(valueRoom(value));
        this.#at = writeValue(this.#buffer, this.#at, value);
      }
    }
    this.#head.writeUInt32LE(this.size - before - 4, this.#headAt);
    this.#head[this.#headAt + 4] = FRAME_VERSION;
    this.#head[this.#headAt + 5] = type;
  }

  /** Gives all frames gathered since the last call, in pieces that stay as they are until {@link reuse}. */
  take(): readonly Uint8Array[] {
    this.#cut();
    const taken = this.#pieces;
    this.#pieces = [];
    this.#piecesSize = 0;
    return taken;
  }

  /** What was taken has been written: its memory may be used again. Only right after `take`. */
  reuse(): void {
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = NOTHING;
    this.#from = this.#at = 0;
  }

  #large(bytes: Uint8Array): void {
    this.#reserve(BYTES_HEADER);
    this.#at = writeBytesHeader(this.#buffer, this.#at, bytes.length);
    this.#cut();
    this.#pieces.push(bytes);
    this.#piecesSize += bytes.length;
  }

  #cut(): void {
    if (this.#at === this.#from) return;
    this.#pieces.push(this.#buffer.subarray(this.#from, this.#at));
    this.#piecesSize += this.#at - this.#from;
    this.#from = this.#at;
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#buffer.length) return;
    const open = this.#at - this.#from;
    const grown = Buffer.allocUnsafeSlow(Math.max(open + more, open * 2, FIRST_BYTES));
    this.#buffer.copy(grown, 0, this.#from, this.#at);
    if (this.#head === this.#buffer && this.#headAt >= this.#from) {
      this.#head = grown;
      this.#headAt -= this.#from;
    }
    this.#buffer = grown;
    this.#from = 0;
    this.#at = open;
  }
}
