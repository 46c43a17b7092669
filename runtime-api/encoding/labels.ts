import { stringCharCodeAt, stringSlice, stringToLowerCase } from "../primordials/string.ts";

const UTF8_LABELS = {
  __proto__: null,
  "unicode-1-1-utf-8": true,
  unicode11utf8: true,
  unicode20utf8: true,
  "utf-8": true,
  utf8: true,
  "x-unicode20utf8": true,
} as unknown as Record<string, boolean | undefined>;

/** Whether a label, in any case and with white space around it, means UTF-8. */
export function isUtf8Label(label: string): boolean {
  let start = 0;
  let end = label.length;
  while (start < end && isSpace(stringCharCodeAt(label, start))) start++;
  while (end > start && isSpace(stringCharCodeAt(label, end - 1))) end--;
  return UTF8_LABELS[stringToLowerCase(stringSlice(label, start, end))] === true;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0c || unit === 0x0d;
}
