import { typedLength } from "../primordials/bytes.ts";
import { reflectApply } from "../primordials/object.ts";
import { stringFromCharCode } from "../primordials/string.ts";

/** Up to this length a call with sixteen characters is fastest; beyond it the pieces would be too many. */
const SHORT = 8_192;
/** Characters that one call with a list makes. */
const BATCH = 512;

/** A string with one character per byte, of the first `length` bytes. */
export function latin1(bytes: Uint8Array, length: number = typedLength(bytes)): string {
  let text = "";
  let at = 0;
  if (length <= SHORT) for (; at + 16 <= length; at += 16) text += sixteen(bytes, at);
  while (at < length) {
    const units: number[] = [];
    for (let count = 0; count < BATCH && at < length; at++) units[count++] = bytes[at] as number;
    text += reflectApply(stringFromCharCode, undefined, units);
  }
  return text;
}

/** Sixteen characters. V8 passes on arguments that are written out much faster than those of a list. */
function sixteen(bytes: Uint8Array, at: number): string {
  return stringFromCharCode(
    bytes[at] as number,
    bytes[at + 1] as number,
    bytes[at + 2] as number,
    bytes[at + 3] as number,
    bytes[at + 4] as number,
    bytes[at + 5] as number,
    bytes[at + 6] as number,
    bytes[at + 7] as number,
    bytes[at + 8] as number,
    bytes[at + 9] as number,
    bytes[at + 10] as number,
    bytes[at + 11] as number,
    bytes[at + 12] as number,
    bytes[at + 13] as number,
    bytes[at + 14] as number,
    bytes[at + 15] as number,
  );
}
