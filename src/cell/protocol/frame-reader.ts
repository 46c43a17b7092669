import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { FRAME_VERSION, HEADER_BYTES } from "./frame.ts";
import { BYTES_HEADER, isBytes, readValue, valueLength, LENGTH_UNKNOWN } from "./value-codec.ts";
import { Violation } from "./violation.ts";

/** What the other end may send at most. */
export interface FrameBounds {
  /** Bytes of one frame, its header included. */
  readonly frameBytes: number;
  /** Values of one frame. */
  readonly values: number;
}

/** Byte arrays from this size on are put together where they stay, instead of with the frame around them. */
const LARGE_BYTES = 8 * 1024;
/** Pieces of an unfinished frame after which they become one: each costs more than a byte that it brings. */
const LOOSE_PIECES = 1_024;

/** Cuts a stream of bytes into frames, however it was split on its way. */
export class FrameReader {
  readonly #bounds: FrameBounds;
  readonly #onFrame: (type: number, values: Flat[], sizeBytes: number) => void;
  /** What came and was not read, as too little of it is there. */
  #chunks: Buffer[] = [];
  /** How many of the last of those have not been joined. */
  #loose = 0;
  #size = 0;
  /** How much there has to be before there is something to read. */
  #needed = HEADER_BYTES;
  #type = -1;
  #values: Flat[] = [];
  /** Bytes of the frame that were not read; 0 between frames. */
  #left = 0;
  #sizeBytes = 0;
  /** A large byte array that comes in, and how much of it is there. */
  #filling: Uint8Array | null = null;
  #filled = 0;

  /** @param onFrame `sizeBytes` is the whole frame's, its header included */
  constructor(bounds: FrameBounds, onFrame: (type: number, values: Flat[], sizeBytes: number) => void) {
    this.#bounds = bounds;
    this.#onFrame = onFrame;
  }

  /** Pieces in which the unfinished frame lies. */
  get pieces(): number {
    return this.#chunks.length;
  }

  /**
   * Takes the next bytes and hands over every frame that they complete.
   * @throws Violation if they are no frames; the reader is of no use then
   */
  push(chunk: Buffer): void {
    let at = this.#filling === null ? 0 : this.#fill(chunk, 0);
    if (at === chunk.length && at > 0) return;
    this.#chunks.push(at === 0 ? chunk : chunk.subarray(at));
    this.#size += chunk.length - at;
    if (this.#size < this.#needed) return this.#join();
    const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#size);
    at = 0;
    for (let next = this.#next(all, at); next !== -1; next = this.#next(all, at)) at = next;
    const rest = all.subarray(at);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#loose = 0;
    this.#size = rest.length;
  }

  /** Reads a header or a value at `at`, and gives the place behind it; -1 if there is too little. */
  #next(all: Buffer, at: number): number {
    const here = all.length - at;
    if (here === 0) return this.#wait(1);
    if (this.#type === -1) return this.#header(all, at);
    const length = valueLength(all, at);
    if (length === LENGTH_UNKNOWN) {
      if (this.#left < BYTES_HEADER) throw new Violation("a value beyond the end of its frame");
      return this.#wait(BYTES_HEADER);
    }
    if (length > this.#left) throw new Violation("a value beyond the end of its frame");
    if (this.#values.length >= this.#bounds.values) throw new Violation("a frame with too many values");
    if (length >= LARGE_BYTES && isBytes(all, at)) {
      this.#left -= length;
      this.#filling = new Uint8Array(length - BYTES_HEADER);
      this.#filled = 0;
      return this.#fill(all, at + BYTES_HEADER);
    }
    if (here < length) return this.#wait(length);
    this.#left -= length;
    this.#values.push(readValue(all, at, length));
    if (this.#left === 0) this.#end();
    return at + length;
  }

  #header(all: Buffer, at: number): number {
    if (all.length - at < HEADER_BYTES) return this.#wait(HEADER_BYTES);
    const length = 4 + all.readUInt32LE(at);
    if (length < HEADER_BYTES || length > this.#bounds.frameBytes)
      throw new Violation(`a frame of ${length} bytes`);
    if (all[at + 4] !== FRAME_VERSION) throw new Violation(`a frame of version ${all[at + 4]}`);
    this.#type = all[at + 5]!;
    this.#sizeBytes = length;
    this.#left = length - HEADER_BYTES;
    if (this.#left === 0) this.#end();
    return at + HEADER_BYTES;
  }

  /** Takes what there is of the large array, from `at` on, and gives the place behind it. */
  #fill(from: Buffer, at: number): number {
    const filling = this.#filling!;
    const end = Math.min(from.length, at + filling.length - this.#filled);
    filling.set(from.subarray(at, end), this.#filled);
    this.#filled += end - at;
    if (this.#filled < filling.length) return end;
    this.#filling = null;
    this.#values.push(filling);
    if (this.#left === 0) this.#end();
    return end;
  }

  #end(): void {
    const type = this.#type;
    const values = this.#values;
    this.#type = -1;
    this.#values = [];
    this.#onFrame(type, values, this.#sizeBytes);
  }

  #wait(needed: number): -1 {
    this.#needed = needed;
    return -1;
  }

  #join(): void {
    if (++this.#loose < LOOSE_PIECES) return;
    this.#chunks.push(Buffer.concat(this.#chunks.splice(-this.#loose)));
    this.#loose = 0;
  }
}
