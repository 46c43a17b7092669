/** Joins the chunks of a pipe to frames: a length (32 bits, little-endian) and so many bytes. */
export class FrameReader {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** Length of the frame that is being read, once it is known. */
  #wanted: number | undefined;

  /** @param maxBytes longest frame that is taken */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes a chunk.
   *
   * @returns a frame if the chunk completes one; two are never under way at once
   * @throws {RangeError} if a frame is too long
   */
  push(chunk: Uint8Array): Uint8Array | undefined {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#wanted === undefined) {
      if (this.#bytes < 4) return undefined;
      const joined = this.#join();
      this.#wanted = new DataView(joined.buffer, joined.byteOffset, 4).getUint32(0, true);
      this.#chunks = [joined.subarray(4)];
      this.#bytes -= 4;
    }
    if (this.#wanted > this.#maxBytes || this.#bytes > this.#wanted)
      throw new RangeError("the frame is too long");
    if (this.#bytes < this.#wanted) return undefined;
    const frame = this.#join();
    this.#chunks = [];
    this.#bytes = 0;
    this.#wanted = undefined;
    return frame;
  }

  #join(): Uint8Array {
    const [only] = this.#chunks;
    return only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
  }
}

/** The four bytes that stand before a frame. */
export function frameLength(length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
}
