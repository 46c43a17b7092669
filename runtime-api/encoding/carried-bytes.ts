import { Bytes, bytesCopy, bytesSet, bytesSubarray, typedLength } from "../primordials/bytes.ts";

/** Bytes of a character whose rest comes with the next piece. */
export class CarriedBytes {
  #carried: Uint8Array<ArrayBuffer> | undefined;

  /** The carried bytes, which are carried no more, and then those given. */
  before(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const carried = this.#carried;
    if (carried === undefined) return bytes;
    this.#carried = undefined;
    const joined = new Bytes(typedLength(carried) + typedLength(bytes));
    bytesSet(joined, carried);
    bytesSet(joined, bytes, typedLength(carried));
    return joined;
  }

  /** Carries a copy of the last `count` bytes and gives those before them. */
  cut(bytes: Uint8Array<ArrayBuffer>, count: number): Uint8Array<ArrayBuffer> {
    if (count === 0) return bytes;
    const end = typedLength(bytes) - count;
    this.#carried = bytesCopy(bytes, end);
    return bytesSubarray(bytes, 0, end);
  }
}
