import { typedLength } from "../primordials/bytes.ts";
import { reflectApply } from "../primordials/object.ts";
import { stringCharCodeAt, stringFromCharCode } from "../primordials/string.ts";
import { latin1 } from "./latin1.ts";

/** Code units that one call of `fromCharCode` takes. */
const BATCH = 512;
/** What the bytes 0x80 to 0x9f stand for; all others stand for the code point of their value. */
const HIGH_CONTROLS =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

/** The text of bytes in windows-1252, which is what the labels `latin1` and `ascii` mean too. No bytes are malformed. */
export function windows1252(bytes: Uint8Array): string {
  const end = typedLength(bytes);
  let at = 0;
  while (at < end && !isHighControl(bytes[at] as number)) at++;
  let text = latin1(bytes, at);
  while (at < end) {
    const units: number[] = [];
    for (let count = 0; count < BATCH && at < end; at++) {
      const byte = bytes[at] as number;
      units[count++] = isHighControl(byte) ? stringCharCodeAt(HIGH_CONTROLS, byte - 0x80) : byte;
    }
    text += reflectApply(stringFromCharCode, undefined, units);
  }
  return text;
}

function isHighControl(byte: number): boolean {
  return byte >= 0x80 && byte < 0xa0;
}
