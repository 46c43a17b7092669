import { arrayPush } from "../primordials/array.ts";
import { StringOf, stringIndexOf, stringSlice } from "../primordials/string.ts";
import { INSPECT_LIMITS, inspect } from "./inspect.ts";

const parseIntOf = parseInt;
const parseFloatOf = parseFloat;

/** Joins the arguments of a console call into one text, `%` directives of the first one replaced. */
export function formatLog(args: readonly unknown[]): string {
  const first = args[0];
  let text = "";
  let next = 0;
  if (typeof first === "string") {
    next = 1;
    text = first;
    if (args.length > 1 && stringIndexOf(first, "%") >= 0) [text, next] = directives(first, args);
  }
  for (let i = next; i < args.length; i++) {
    if (i > 0) text += " ";
    text += inspect(args[i]);
    if (text.length > INSPECT_LIMITS.chars) break;
  }
  return text.length > INSPECT_LIMITS.chars ? `${stringSlice(text, 0, INSPECT_LIMITS.chars)}…` : text;
}

/** Gives the text, and how many arguments it took. */
function directives(format: string, args: readonly unknown[]): [text: string, taken: number] {
  const parts: string[] = [];
  let from = 0;
  let next = 1;
  let length = 0;
  for (
    let at = stringIndexOf(format, "%");
    at >= 0 && length < INSPECT_LIMITS.chars;
    at = stringIndexOf(format, "%", at + 2)
  ) {
    const letter = format[at + 1];
    if (letter !== "%" && (letter === undefined || next >= args.length)) continue;
    const shown = letter === "%" ? "%" : directive(letter as string, args[next]);
    if (shown === undefined) continue;
    if (letter !== "%") next++;
    arrayPush(parts, stringSlice(format, from, at), shown);
    length += shown.length;
    from = at + 2;
  }
  let text = "";
  for (let i = 0; i < parts.length; i++) text += parts[i] as string;
  return [text + stringSlice(format, from), next];
}

function directive(letter: string, value: unknown): string | undefined {
  switch (letter) {
    case "s":
      return typeof value === "object" || typeof value === "function"
        ? inspect(value, { ...INSPECT_LIMITS, depth: 1 })
        : typeof value === "symbol"
          ? inspect(value)
          : StringOf(value);
    case "d":
    case "i":
      return typeof value === "bigint"
        ? inspect(value)
        : number(value, (text) => (letter === "i" ? parseIntOf(text, 10) : +text));
    case "f":
      return number(value, (text) => parseFloatOf(text));
    case "j":
    case "o":
    case "O":
      return inspect(typeof value === "string" ? [value] : value);
    case "c":
      return "";
    default:
      return undefined;
  }
}

/** Objects are not asked: that would run tenant code while a log line is made. */
function number(value: unknown, parse: (text: string) => number): string {
  return typeof value === "object" || typeof value === "function" || typeof value === "symbol"
    ? "NaN"
    : StringOf(parse(StringOf(value)));
}
