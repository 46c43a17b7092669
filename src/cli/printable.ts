/** Control characters of both sets, and those that turn the direction of text or end a line. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text of somebody else's as a terminal may show it: what would command it is written out, as JSON does.
 * @example
 * printable("\u001b[2Jx"); // "\\u001b[2Jx"
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
