import { latin1 } from "../encoding/latin1.ts";
import { Bytes, bytesCopy } from "../primordials/bytes.ts";
import {
  stringCharCodeAt,
  stringIndexOf,
  stringSlice,
  stringStartsWith,
  stringToLowerCase,
  stringTrim,
} from "../primordials/string.ts";
import { mimeTypeText, parseMimeType } from "./mime-type.ts";

/** What a `data:` URL holds. */
export interface DataUrl {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** The bytes of a URL's text (ASCII) with its percent signs undone. */
function percentDecode(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Bytes(text.length);
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    let byte = stringCharCodeAt(text, i);
    if (byte === 37 && i + 2 < text.length) {
      const high = hexDigit(stringCharCodeAt(text, i + 1));
      const low = hexDigit(stringCharCodeAt(text, i + 2));
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        i += 2;
      }
    }
    bytes[size++] = byte;
  }
  return bytesCopy(bytes, 0, size);
}

const fromBase64 = (
  Bytes as unknown as { fromBase64(text: string): Uint8Array<ArrayBuffer> }
).fromBase64.bind(Bytes);

function base64Decode(input: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(latin1(input));
  } catch {
    return undefined;
  }
}

/** Reads a `data:` URL in its normal form; undefined where it is malformed. */
export function parseDataUrl(href: string): DataUrl | undefined {
  const hash = stringIndexOf(href, "#");
  const text = stringSlice(href, 5, hash < 0 ? href.length : hash);
  const comma = stringIndexOf(text, ",");
  if (comma < 0) return undefined;
  let type = stringTrim(stringSlice(text, 0, comma));
  let bytes: Uint8Array<ArrayBuffer> | undefined = percentDecode(stringSlice(text, comma + 1));
  const semicolon = lastSemicolon(type);
  if (semicolon >= 0 && stringToLowerCase(stringTrim(stringSlice(type, semicolon + 1))) === "base64") {
    bytes = base64Decode(bytes);
    if (bytes === undefined) return undefined;
    type = stringTrim(stringSlice(type, 0, semicolon));
  }
  if (stringStartsWith(type, ";")) type = `text/plain${type}`;
  const parsed = parseMimeType(type);
  return { contentType: parsed === undefined ? "text/plain;charset=US-ASCII" : mimeTypeText(parsed), bytes };
}

function lastSemicolon(text: string): number {
  for (let i = text.length - 1; i >= 0; i--) if (stringCharCodeAt(text, i) === 59) return i;
  return -1;
}
