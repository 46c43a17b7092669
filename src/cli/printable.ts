/** Control characters of both sets, and those that turn the direction of text or end a line. */
const UNSEEN = /[\p{Cc}\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text of somebody else's as a terminal may show it: what would command it is written out, as JSON does.
 * @example
 * printable("\u001b[2Jx"); // "\\u001b[2Jx"
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What chooses how the text after it looks. */
const STYLE = /(\u001b\[[\d;]*m)/u;
const RESET = "\u001b[0m";
/** Reset, bold, dim, underlined and the ends of those; colours of text and ground. Not what blinks, conceals or is turned over. */
const PLAIN_STYLE = /^(?:0?[0124]|2[24]|[34][0-79]|9[0-7]|10[0-7])?$/;
/** After 38 and 48: one of 256 colours, or its red, green and blue. */
const WIDE_COLOUR = /(?<=^|;)[34]8;(?:5|2;\d{1,3};\d{1,3});\d{1,3}(?=;|$)/g;

/**
 * The same of a text that may have lines, tabs, colours, bold, dim and underlined parts, as logs have. Those end with it.
 * @param indent What each line but the first begins with.
 */
export function printableLines(text: string, indent: string): string {
  let styled = false;
  const shown = text.split(STYLE).map((part, index) => {
    if (index % 2 === 0 || !isHarmless(part)) return lines(part, indent);
    styled = true;
    return part;
  });
  return shown.join("") + (styled ? RESET : "");
}

function isHarmless(style: string): boolean {
  const codes = style.slice(2, -1).replace(WIDE_COLOUR, "39");
  return codes.split(";").every((code) => PLAIN_STYLE.test(code));
}

function lines(text: string, indent: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split("\t").map(printable).join("\t"))
    .join(`\n${indent}`);
}
