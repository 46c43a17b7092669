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

/** A colour, which is all that a text of several lines may ask of a terminal. */
const COLOUR = /(\u001b\[[\d;]*m)/u;
const RESET = "\u001b[0m";

/**
 * The same of a text that may have lines, tabs and colours, as logs have. Colours end with it.
 * @param indent What each line but the first begins with.
 */
export function printableLines(text: string, indent: string): string {
  const parts = text.split(COLOUR);
  const shown = parts.map((part, index) => (index % 2 === 1 ? part : lines(part, indent))).join("");
  return parts.length > 1 ? shown + RESET : shown;
}

function lines(text: string, indent: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split("\t").map(printable).join("\t"))
    .join(`\n${indent}`);
}
