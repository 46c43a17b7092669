import { scalarAt, utf8Decode, utf8Write } from "../encoding/utf8.ts";
import { arrayPush } from "../primordials/array.ts";
import { Bytes, bytesSubarray } from "../primordials/bytes.ts";
import { stringCharCodeAt, stringIndexOf, stringSlice } from "../primordials/string.ts";

const HEX = "0123456789ABCDEF";

/** Names and values in turn: `[name, value, name, value, …]`. */
export type Pairs = string[];

/** Parses `application/x-www-form-urlencoded` text, without a leading `?`. */
export function parseQuery(text: string): Pairs {
  const pairs: Pairs = [];
  for (let start = 0; start < text.length;) {
    let end = stringIndexOf(text, "&", start);
    if (end < 0) end = text.length;
    if (end > start) {
      let equals = stringIndexOf(text, "=", start);
      if (equals < 0 || equals > end) equals = end;
      const name = decodePart(stringSlice(text, start, equals));
      arrayPush(pairs, name, equals < end ? decodePart(stringSlice(text, equals + 1, end)) : "");
    }
    start = end + 1;
  }
  return pairs;
}

function decodePart(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const unit = stringCharCodeAt(text, i);
    if (unit === 0x25 || unit === 0x2b || (unit >= 0xd800 && unit <= 0xdfff)) return decodeEscapes(text);
  }
  return text;
}

function decodeEscapes(text: string): string {
  const bytes = new Bytes(text.length * 3);
  let p = 0;
  for (let i = 0; i < text.length; i++) {
    const codePoint = scalarAt(text, i);
    if (codePoint === 0x2b) {
      bytes[p++] = 0x20;
    } else if (codePoint === 0x25 && i + 2 < text.length) {
      const high = hexValue(stringCharCodeAt(text, i + 1));
      const low = hexValue(stringCharCodeAt(text, i + 2));
      if (high < 0 || low < 0) {
        bytes[p++] = 0x25;
      } else {
        bytes[p++] = high * 16 + low;
        i += 2;
      }
    } else {
      if (codePoint > 0xffff) i++;
      p = utf8Write(bytes, p, codePoint);
    }
  }
  return utf8Decode(bytesSubarray(bytes, 0, p));
}

function hexValue(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Writes pairs as `application/x-www-form-urlencoded` text. */
export function writeQuery(pairs: Pairs): string {
  let text = "";
  for (let i = 0; i < pairs.length; i += 2) {
    if (i > 0) text += "&";
    text += `${encodePart(pairs[i] as string)}=${encodePart(pairs[i + 1] as string)}`;
  }
  return text;
}

function isPlain(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x2a ||
    unit === 0x2d ||
    unit === 0x2e ||
    unit === 0x5f
  );
}

function encodePart(text: string): string {
  for (let i = 0; i < text.length; i++) if (!isPlain(stringCharCodeAt(text, i))) return encodeEscapes(text);
  return text;
}

function encodeEscapes(text: string): string {
  const bytes = new Bytes(4);
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const codePoint = scalarAt(text, i);
    if (codePoint > 0xffff) i++;
    if (codePoint === 0x20) {
      out += "+";
    } else if (codePoint < 0x80 && isPlain(codePoint)) {
      out += text[i] as string;
    } else {
      const end = utf8Write(bytes, 0, codePoint);
      for (let n = 0; n < end; n++) {
        const byte = bytes[n] as number;
        out += `%${HEX[byte >> 4] as string}${HEX[byte & 15] as string}`;
      }
    }
  }
  return out;
}
