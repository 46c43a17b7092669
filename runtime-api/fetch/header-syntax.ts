import { mapGet, MapOf, mapSet, mapSize } from "../primordials/collections.ts";
import {
  stringCharCodeAt,
  stringFromCharCode,
  stringSlice,
  stringToLowerCase,
} from "../primordials/string.ts";

/** 1 for each ASCII character that a token may have. */
const TOKEN = new Uint8Array(128);
for (let code = 33; code < 127; code++)
  TOKEN[code] = '"(),/:;<=>?@[\\]{}'.includes(stringFromCharCode(code)) ? 0 : 1;

/** Names seen, with their lower case; most workers use the same few. */
const lowerNames = new MapOf<string, string>();
const NAMES_KEPT = 512;

/** Whether the text is a token of HTTP: a header name, a method. */
export function isToken(text: string): boolean {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = stringCharCodeAt(text, i);
    if (code > 126 || TOKEN[code] === 0) return false;
  }
  return length > 0;
}

function keep(name: string, lower: string): string {
  if (name.length < 64 && mapSize(lowerNames) < NAMES_KEPT) mapSet(lowerNames, name, lower);
  return lower;
}

/**
 * A header name in lower case.
 *
 * @throws TypeError where it is no token
 */
export function headerName(name: unknown): string {
  const text = `${name as string}`;
  const known = mapGet(lowerNames, text);
  if (known !== undefined) return known;
  if (!isToken(text)) throw new TypeError(`Invalid header name: "${stringSlice(text, 0, 100)}"`);
  return keep(text, stringToLowerCase(text));
}

/** A name that came over the wire, in lower case, not checked. */
export function wireName(name: string): string {
  return (
    mapGet(lowerNames, name) ??
    (isToken(name) ? keep(name, stringToLowerCase(name)) : stringToLowerCase(name))
  );
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/**
 * A header value without the white space around it.
 *
 * @throws TypeError where it holds a line end, a NUL, or a character above U+00FF
 */
export function headerValue(value: unknown): string {
  const text = `${value as string}`;
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(stringCharCodeAt(text, start))) start++;
  while (end > start && isSpace(stringCharCodeAt(text, end - 1))) end--;
  for (let i = start; i < end; i++) {
    const code = stringCharCodeAt(text, i);
    if (code > 255)
      throw new TypeError(
        "Invalid header value: it has a character above U+00FF, which headers cannot carry",
      );
    if (code === 10 || code === 13 || code === 0)
      throw new TypeError("Invalid header value: it has a line end or a NUL");
  }
  return start === 0 && end === text.length ? text : stringSlice(text, start, end);
}

/** Whether the text may stand behind a status: tabs, spaces and what can be seen, as bytes. */
export function isReasonPhrase(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = stringCharCodeAt(text, i);
    if ((code < 32 && code !== 9) || code === 127 || code > 255) return false;
  }
  return true;
}
