import { typedLength } from "../primordials/bytes.ts";
import { reflectApply } from "../primordials/object.ts";
import { stringFromCharCode, stringIsWellFormed, stringToWellFormed } from "../primordials/string.ts";
import { CarriedBytes } from "./carried-bytes.ts";
import type { StreamDecoder } from "./stream-decoder.ts";

/** Code units that one call of `fromCharCode` takes. */
const BATCH = 512;
const REPLACEMENT = "\ufffd";

/** UTF-16 of either byte order, piece by piece. */
export class Utf16Decoder implements StreamDecoder {
  readonly #fatal: boolean;
  /** Index in a pair of bytes of the one that counts 256-fold. */
  readonly #high: 0 | 1;
  readonly #carried = new CarriedBytes();

  constructor(bigEndian: boolean, fatal: boolean) {
    this.#fatal = fatal;
    this.#high = bigEndian ? 0 : 1;
  }

  decode(next: Uint8Array<ArrayBuffer>, stream: boolean): string | null {
    let bytes = this.#carried.before(next);
    const tail = this.#incompleteTail(bytes);
    bytes = this.#carried.cut(bytes, tail);
    const text = this.#units(bytes);
    const malformed = !stringIsWellFormed(text) || (tail > 0 && !stream);
    if (!stream || (malformed && this.#fatal)) this.#carried.before(bytes);
    if (!malformed) return text;
    if (this.#fatal) return null;
    // Half a pair and half a unit at the end are one error together.
    return stringToWellFormed(text) + (tail > 0 && !stream ? REPLACEMENT : "");
  }

  /** How many of the last bytes (0 to 3) begin a character that more bytes could complete. */
  #incompleteTail(bytes: Uint8Array): number {
    const odd = typedLength(bytes) & 1;
    const end = typedLength(bytes) - odd;
    if (end === 0) return odd;
    const high = bytes[end - 2 + this.#high] as number;
    return high >= 0xd8 && high < 0xdc ? odd + 2 : odd;
  }

  #units(bytes: Uint8Array): string {
    const high = this.#high;
    const low = 1 - high;
    const end = typedLength(bytes);
    let text = "";
    for (let at = 0; at < end;) {
      const units: number[] = [];
      for (let count = 0; count < BATCH && at < end; at += 2)
        units[count++] = ((bytes[at + high] as number) << 8) | (bytes[at + low] as number);
      text += reflectApply(stringFromCharCode, undefined, units);
    }
    return text;
  }
}
