import { arrayPush } from "../primordials/array.ts";
import { Bytes, bytesCopy, bytesSet, typedLength } from "../primordials/bytes.ts";

/** Copies of bytes that wait until there are enough of them. */
export class GatheredBytes {
  #pieces: Uint8Array[] = [];
  sizeBytes = 0;

  add(bytes: Uint8Array): void {
    arrayPush(this.#pieces, bytesCopy(bytes));
    this.sizeBytes += typedLength(bytes);
  }

  /** All of them as one array of exact size; none are left. */
  take(): Uint8Array {
    const pieces = this.#pieces;
    const sizeBytes = this.sizeBytes;
    this.#pieces = [];
    this.sizeBytes = 0;
    if (pieces.length === 1) return pieces[0] as Uint8Array;
    const whole = new Bytes(sizeBytes);
    let at = 0;
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i] as Uint8Array;
      bytesSet(whole, piece, at);
      at += typedLength(piece);
    }
    return whole;
  }
}
