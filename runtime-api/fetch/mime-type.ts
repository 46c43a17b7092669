import { mapForEach, mapGet, mapHas, MapOf, mapSet } from "../primordials/collections.ts";
import { stringCharCodeAt, stringIndexOf, stringSlice, stringToLowerCase } from "../primordials/string.ts";
import { isReasonPhrase, isToken } from "./header-syntax.ts";

/** A parsed MIME type. */
export interface MimeType {
  /** `type/subtype`, in lower case. */
  readonly essence: string;
  /** Parameters by their names in lower case. */
  readonly parameters: Map<string, string>;
}

/** Reads a quoted string that begins at `at`: its value, and the position behind it. */
function quoted(text: string, at: number): { value: string; end: number } {
  let value = "";
  let i = at + 1;
  for (; i < text.length; i++) {
    const code = stringCharCodeAt(text, i);
    if (code === 34) return { value, end: i + 1 };
    if (code === 92 && i + 1 < text.length) i++;
    value += text[i];
  }
  return { value, end: i };
}

/** Whether a character is white space to HTTP: fewer are than to JavaScript. */
function isHttpSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isHttpSpace(stringCharCodeAt(text, at))) at++;
  return at;
}

/** The text without the white space at its end. */
function withoutTrailingSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isHttpSpace(stringCharCodeAt(text, end - 1))) end--;
  return stringSlice(text, 0, end);
}

/** Where the parameter ends that `from` is in: at its semicolon, or the end of the text. */
function endOfParameter(text: string, from: number): number {
  const at = stringIndexOf(text, ";", from);
  return at < 0 ? text.length : at;
}

/** Parses a MIME type as the MIME Sniffing standard does, 4.4; undefined where it is none. */
export function parseMimeType(input: string): MimeType | undefined {
  const text = withoutTrailingSpace(stringSlice(input, skipSpace(input, 0)));
  const slash = stringIndexOf(text, "/");
  if (slash < 0) return undefined;
  const type = stringSlice(text, 0, slash);
  let at = endOfParameter(text, slash + 1);
  const subtype = withoutTrailingSpace(stringSlice(text, slash + 1, at));
  if (!isToken(type) || !isToken(subtype)) return undefined;
  const parameters = new MapOf<string, string>();
  let equals = -1;
  while (at < text.length) {
    const start = skipSpace(text, at + 1);
    at = endOfParameter(text, start);
    // Found once for all parameters before it, so that a long run of them costs no more than its length.
    if (equals < start) equals = stringIndexOf(text, "=", start);
    if (equals < 0) break;
    if (equals > at) continue;
    const name = stringToLowerCase(stringSlice(text, start, equals));
    let value: string;
    if (stringCharCodeAt(text, equals + 1) === 34) {
      const read = quoted(text, equals + 1);
      ({ value } = read);
      at = endOfParameter(text, read.end);
    } else {
      value = withoutTrailingSpace(stringSlice(text, equals + 1, at));
      if (value === "") continue;
    }
    if (isToken(name) && isReasonPhrase(value) && !mapHas(parameters, name)) mapSet(parameters, name, value);
  }
  return { essence: stringToLowerCase(`${type}/${subtype}`), parameters };
}

function quote(value: string): string {
  let result = '"';
  for (let i = 0; i < value.length; i++) {
    const code = stringCharCodeAt(value, i);
    result += code === 34 || code === 92 ? `\\${value[i]}` : value[i];
  }
  return `${result}"`;
}

/** Writes a MIME type in its one normal form. */
export function mimeTypeText(type: MimeType): string {
  let text = type.essence;
  mapForEach(type.parameters, (value, name) => {
    text += `;${name}=${isToken(value) ? value : quote(value)}`;
  });
  return text;
}

/** One parameter of a MIME type. */
export function mimeParameter(type: MimeType, name: string): string | undefined {
  return mapGet(type.parameters, name);
}
