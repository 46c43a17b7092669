import { loadPart } from "../parts/load-part.ts";
import type { part } from "../parts/encodings.ts";
import { stringCharCodeAt, stringSlice, stringToLowerCase } from "../primordials/string.ts";

const UTF_8 = "utf-8";
const UTF_16LE = "utf-16le";
const WINDOWS_1252 = "windows-1252";

/** Labels that need no table of the others: their encodings are in the image. */
const COMMON = {
  __proto__: null,
  "unicode-1-1-utf-8": UTF_8,
  unicode11utf8: UTF_8,
  unicode20utf8: UTF_8,
  "utf-8": UTF_8,
  utf8: UTF_8,
  "x-unicode20utf8": UTF_8,
  "utf-16": UTF_16LE,
  "utf-16le": UTF_16LE,
  "utf-16be": "utf-16be",
  "windows-1252": WINDOWS_1252,
  "iso-8859-1": WINDOWS_1252,
  latin1: WINDOWS_1252,
  ascii: WINDOWS_1252,
  "us-ascii": WINDOWS_1252,
} as unknown as Record<string, string | undefined>;

/**
 * The name, in lower case, of the encoding that a label stands for, in any case and with white space around it;
 * null if there is none. As "get an encoding" of the Encoding standard.
 */
export function encodingOf(label: string): string | null {
  let start = 0;
  let end = label.length;
  while (start < end && isSpace(stringCharCodeAt(label, start))) start++;
  while (end > start && isSpace(stringCharCodeAt(label, end - 1))) end--;
  const name = stringToLowerCase(stringSlice(label, start, end));
  return COMMON[name] ?? loadPart<typeof part>("encodings").normalizeEncoding(label);
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0c || unit === 0x0d;
}
