/** Pieces kept as they came; more than this and they are joined, since each costs memory of its own. */
const PIECES = 64;

/** Bytes that came in pieces, to be taken in others. */
export class ByteQueue {
  #pieces: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#pieces.length > PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
  }

  /** The next `count` bytes, which stay; null if there are fewer. */
  peek(count: number): Uint8Array | null {
    if (this.#length < count) return null;
    const bytes = new Uint8Array(count);
    let at = 0;
    for (const piece of this.#pieces) {
      if (at === count) break;
      const part = piece.subarray(0, count - at);
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** The next `count` bytes, in memory of exactly their size; null if there are fewer. */
  take(count: number): Uint8Array | null {
    const bytes = this.peek(count);
    if (bytes === null) return null;
    this.#length -= count;
    let left = count;
    let done = 0;
    while (left > 0) {
      const piece = this.#pieces[done]!;
      if (piece.length > left) {
        this.#pieces[done] = piece.subarray(left);
        break;
      }
      left -= piece.length;
      done++;
    }
    if (done > 0) this.#pieces.splice(0, done);
    return bytes;
  }
}
