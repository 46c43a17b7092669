import { bytesSubarray, typedLength } from "../primordials/bytes.ts";
import { reflectApply } from "../primordials/object.ts";
import { stringFromCharCode } from "../primordials/string.ts";

/** Characters that one call of `fromCharCode` makes. */
const BATCH = 512;

/** A string with one character per byte, of the first `length` bytes. */
export function latin1(bytes: Uint8Array, length: number = typedLength(bytes)): string {
  let text = "";
  for (let at = 0; at < length; at += BATCH) {
    const end = at + BATCH < length ? at + BATCH : length;
    text += reflectApply(stringFromCharCode, undefined, bytesSubarray(bytes, at, end));
  }
  return text;
}
