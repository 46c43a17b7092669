import { mapForEach, mapGet, mapHas, MapOf, mapSet } from "../primordials/collections.ts";
import {
  stringCharCodeAt,
  stringIndexOf,
  stringSlice,
  stringToLowerCase,
  stringTrim,
} from "../primordials/string.ts";
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

/** Parses a MIME type as the MIME Sniffing standard does; undefined where it is none. */
export function parseMimeType(input: string): MimeType | undefined {
  const text = stringTrim(input);
  const slash = stringIndexOf(text, "/");
  if (slash < 0) return undefined;
  let at = stringIndexOf(text, ";", slash);
  const subtype = stringTrim(at < 0 ? stringSlice(text, slash + 1) : stringSlice(text, slash + 1, at));
  const type = stringSlice(text, 0, slash);
  if (!isToken(type) || !isToken(subtype)) return undefined;
  const parameters = new MapOf<string, string>();
  while (at >= 0 && at < text.length) {
    const start = at + 1;
    const semicolon = stringIndexOf(text, ";", start);
    const equals = stringIndexOf(text, "=", start);
    if (equals < 0) break;
    if (semicolon >= 0 && semicolon < equals) {
      at = semicolon;
      continue;
    }
    const name = stringToLowerCase(stringTrim(stringSlice(text, start, equals)));
    let value: string;
    if (stringCharCodeAt(text, equals + 1) === 34) {
      const read = quoted(text, equals + 1);
      ({ value } = read);
      at = stringIndexOf(text, ";", read.end);
    } else {
      at = semicolon;
      value = stringTrim(at < 0 ? stringSlice(text, equals + 1) : stringSlice(text, equals + 1, at));
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
