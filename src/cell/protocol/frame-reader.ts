import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { FRAME_VERSION, HEADER_BYTES } from "./frame.ts";
import { readValues } from "./value-codec.ts";
import { Violation } from "./violation.ts";

/** What the other end may send at most. */
export interface FrameBounds {
  /** Bytes of one frame, its header included. */
  readonly frameBytes: number;
  /** Values of one frame. */
  readonly values: number;
}

/** Cuts a stream of bytes into frames, however it was split on its way. */
export class FrameReader {
  readonly #bounds: FrameBounds;
  readonly #onFrame: (type: number, values: Flat[]) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  #needed = HEADER_BYTES;

  constructor(bounds: FrameBounds, onFrame: (type: number, values: Flat[]) => void) {
    this.#bounds = bounds;
    this.#onFrame = onFrame;
  }

  /**
   * Takes the next bytes and hands over every frame that they complete.
   * @throws Violation if they are no frames; the reader is of no use then
   */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return;
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#size);
    let at = 0;
    this.#needed = HEADER_BYTES;
    while (all.length - at >= HEADER_BYTES) {
      const length = 4 + all.readUInt32LE(at);
      if (length < HEADER_BYTES || length > this.#bounds.frameBytes)
        throw new Violation(`a frame of ${length} bytes`);
      if (all[at + 4] !== FRAME_VERSION) throw new Violation(`a frame of version ${all[at + 4]}`);
      if (all.length - at < length) {
        this.#needed = length;
        break;
      }
      const frame = all.subarray(at, at + length);
      this.#onFrame(frame[5] as number, readValues(frame, HEADER_BYTES, this.#bounds.values));
      at += length;
    }
    const rest = all.subarray(at);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
  }
}
