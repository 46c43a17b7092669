import { arrayPush } from "../primordials/array.ts";
import { stringCharCodeAt, stringCodePointAt, stringSlice } from "../primordials/string.ts";
import { isNameCodePoint } from "./name-code-point.ts";

export type TokenType =
  | "open"
  | "close"
  | "regexp"
  | "name"
  | "char"
  | "escaped-char"
  | "other-modifier"
  | "asterisk"
  | "end"
  | "invalid-char";

export interface Token {
  readonly type: TokenType;
  /** Where it begins in the text. */
  readonly index: number;
  readonly value: string;
}

const [STAR, PLUS, QUESTION, BACKSLASH, OPEN, CLOSE, COLON, LEFT, RIGHT] = [
  0x2a, 0x2b, 0x3f, 0x5c, 0x7b, 0x7d, 0x3a, 0x28, 0x29,
];

/** Where the character that begins at `at` ends. */
function behind(text: string, at: number): number {
  return at + ((stringCodePointAt(text, at) as number) > 0xffff ? 2 : 1);
}

/** Where the name that begins at `start` ends. */
function endOfName(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const end = behind(text, at);
    if (!isNameCodePoint(stringSlice(text, at, end), at === start)) break;
    at = end;
  }
  return at;
}

/** Where the expression that begins at `start`, behind its parenthesis, ends; what is wrong with it if it does not. */
function endOfRegexp(text: string, start: number): number | string {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const unit = stringCharCodeAt(text, at);
    if (unit > 0x7f) return "a regular expression has a character beyond ASCII";
    if (unit === QUESTION && at === start) return "a regular expression begins with a question mark";
    if (unit === BACKSLASH) {
      at++;
      if (at === text.length) return "a regular expression ends with a backslash";
      if (stringCharCodeAt(text, at) > 0x7f) return "a regular expression escapes a character beyond ASCII";
    } else if (unit === RIGHT) {
      depth--;
      if (depth === 0) return at === start ? "a regular expression is empty" : at;
    } else if (unit === LEFT) {
      depth++;
      if (stringCharCodeAt(text, at + 1) !== QUESTION) return "a regular expression has a capturing group";
    }
  }
  return "a regular expression does not end";
}

/**
 * Splits a pattern into tokens, as the URL Pattern standard does.
 *
 * @param lenient Makes an invalid-char of what is malformed
 * @throws TypeError where the pattern is malformed, unless `lenient`
 */
export function tokenize(text: string, lenient: boolean): Token[] {
  const tokens: Token[] = [];
  let index = 0;
  const add = (type: TokenType, from: number, to: number, next: number): void => {
    arrayPush(tokens, { type, index, value: stringSlice(text, from, to) });
    index = next;
  };
  const malformed = (what: string, from: number, next: number): void => {
    if (!lenient) throw new TypeError(`Invalid URLPattern: ${what}, in "${stringSlice(text, 0, 200)}"`);
    add("invalid-char", from, next, next);
  };
  while (index < text.length) {
    const next = behind(text, index);
    switch (stringCharCodeAt(text, index)) {
      case STAR:
        add("asterisk", index, next, next);
        break;
      case PLUS:
      case QUESTION:
        add("other-modifier", index, next, next);
        break;
      case OPEN:
        add("open", index, next, next);
        break;
      case CLOSE:
        add("close", index, next, next);
        break;
      case BACKSLASH:
        if (next === text.length) malformed("it ends with a backslash", index, next);
        else add("escaped-char", next, behind(text, next), behind(text, next));
        break;
      case COLON: {
        const end = endOfName(text, next);
        if (end === next) malformed("a colon is not followed by a name", index, next);
        else add("name", next, end, end);
        break;
      }
      case LEFT: {
        const end = endOfRegexp(text, next);
        if (typeof end === "string") malformed(end, index, next);
        else add("regexp", next, end, end + 1);
        break;
      }
      default:
        add("char", index, next, next);
    }
  }
  add("end", index, index, index);
  return tokens;
}
