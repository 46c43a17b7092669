import {
  stringCharCodeAt,
  stringIndexOf,
  stringSlice,
  stringSplit,
  stringToLowerCase,
  stringTrim,
} from "../primordials/string.ts";

/** What the headers of one part say. */
export interface PartHeaders {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string;
}

/** Undoes the three escapes that browsers use in names, and no others. */
function unescapeName(text: string): string {
  let result = "";
  let start = 0;
  for (let at = stringIndexOf(text, "%"); at >= 0; at = stringIndexOf(text, "%", at + 1)) {
    const code = stringToLowerCase(stringSlice(text, at, at + 3));
    const character = code === "%22" ? '"' : code === "%0a" ? "\n" : code === "%0d" ? "\r" : "";
    if (character === "") continue;
    result += stringSlice(text, start, at) + character;
    start = at + 3;
  }
  return result + stringSlice(text, start);
}

/** The parameters of a Content-Disposition: `; name="value"` or `; name=value`. */
function dispositionParameters(text: string): { name: string | undefined; filename: string | undefined } {
  let name: string | undefined;
  let filename: string | undefined;
  let at = stringIndexOf(text, ";");
  while (at >= 0 && at < text.length) {
    const equals = stringIndexOf(text, "=", at);
    if (equals < 0) break;
    const key = stringToLowerCase(stringTrim(stringSlice(text, at + 1, equals)));
    let value = "";
    let end = equals + 1;
    while (stringCharCodeAt(text, end) === 32) end++;
    if (stringCharCodeAt(text, end) === 34) {
      const start = ++end;
      // Some clients escape a quote by a backslash, others write a lone backslash: only the pair is undone.
      while (end < text.length && stringCharCodeAt(text, end) !== 34) {
        const pair = stringCharCodeAt(text, end) === 92 && stringCharCodeAt(text, end + 1) === 34;
        end += pair ? 2 : 1;
      }
      const parts = stringSplit(stringSlice(text, start, end), '\\"');
      for (let i = 0; i < parts.length; i++) value += i === 0 ? parts[i] : `"${parts[i]}`;
      end = stringIndexOf(text, ";", end);
    } else {
      const start = end;
      end = stringIndexOf(text, ";", start);
      value = stringTrim(end < 0 ? stringSlice(text, start) : stringSlice(text, start, end));
    }
    if (key === "name") name ??= unescapeName(value);
    else if (key === "filename") filename ??= unescapeName(value);
    at = end;
  }
  return { name, filename };
}

/** Reads the header lines of a part; undefined where it has no name in a form. */
export function parsePartHeaders(text: string): PartHeaders | undefined {
  let disposition = "";
  let contentType = "";
  const lines = stringSplit(text, "\r\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const colon = stringIndexOf(line, ":");
    if (colon <= 0) return undefined;
    const name = stringToLowerCase(stringSlice(line, 0, colon));
    if (name === "content-disposition") disposition = stringTrim(stringSlice(line, colon + 1));
    else if (name === "content-type") contentType = stringTrim(stringSlice(line, colon + 1));
  }
  const semicolon = stringIndexOf(disposition, ";");
  if (semicolon < 0 || stringToLowerCase(stringTrim(stringSlice(disposition, 0, semicolon))) !== "form-data")
    return undefined;
  const { name, filename } = dispositionParameters(disposition);
  if (name === undefined) return undefined;
  return { name, filename, contentType: contentType === "" ? "text/plain" : contentType };
}
