import { regexpExec, RegExpOf } from "../primordials/regexp.ts";
import { stringCharCodeAt, stringIncludes } from "../primordials/string.ts";

/** One piece of a parsed pattern. */
export interface Part {
  readonly type: "fixed-text" | "regexp" | "segment-wildcard" | "full-wildcard";
  /** Text, or the source of a regular expression. */
  readonly value: string;
  readonly modifier: "" | "?" | "*" | "+";
  /** Of the group; a number where the pattern gives no name. */
  readonly name: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** How a component's pattern is read. */
export interface PatternOptions {
  /** Ends what a named group matches; empty for nothing. */
  readonly delimiter: string;
  /** A character that belongs to the group behind it; empty for none. */
  readonly prefix: string;
  readonly ignoreCase: boolean;
}

export const FULL_WILDCARD = ".*";

function escape(text: string, special: string): string {
  let result = "";
  for (let i = 0; i < text.length; i++)
    result += stringIncludes(special, text[i] as string) ? `\\${text[i]}` : (text[i] as string);
  return result;
}

/** Text as a regular expression that matches it alone. */
export function escapeRegexp(text: string): string {
  return escape(text, ".+*?^${}()[]|/\\");
}

/** Text as a pattern that matches it alone. */
export function escapePattern(text: string): string {
  return escape(text, "+*?:{}()\\");
}

/** The source of what a named group matches. */
export function segmentWildcard(options: PatternOptions): string {
  return `[^${escapeRegexp(options.delimiter)}]+?`;
}

/** Whether the part's group has a name of its own, not a number. */
export function hasOwnName(part: Part): boolean {
  const code = stringCharCodeAt(part.name, 0);
  return code < 0x30 || code > 0x39;
}

/**
 * Makes a regular expression of a component.
 *
 * @throws TypeError where it does not compile
 */
export function compileRegexp(source: string, ignoreCase: boolean): RegExp {
  try {
    return new RegExpOf(source, ignoreCase ? "vi" : "v");
  } catch {
    throw new TypeError(`Invalid URLPattern: a regular expression does not compile, ${source}`);
  }
}

/** Runs the expression of a component. */
export function match(regexp: RegExp, text: string): RegExpExecArray | null {
  return regexpExec(regexp, text);
}
