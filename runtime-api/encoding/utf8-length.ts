import { stringCharCodeAt } from "../primordials/string.ts";
import { scalarAt, utf8Width } from "./utf8.ts";

/** How many bytes the UTF-8 of a text has; lone surrogates count as U+FFFD. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    if (stringCharCodeAt(text, i) < 0x80) continue;
    const codePoint = scalarAt(text, i);
    bytes += utf8Width(codePoint) - 1;
    if (codePoint > 0xffff) {
      bytes--;
      i++;
    }
  }
  return bytes;
}
