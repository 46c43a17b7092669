import { Ask } from "../contract/sync.ts";
import { io } from "../io/io.ts";
import { Bytes, bufferByteLength, bytesCopy, typedBuffer, typedLength } from "../primordials/bytes.ts";
import { reflectApply } from "../primordials/object.ts";
import { stringCharCodeAt, stringFromCharCode } from "../primordials/string.ts";
import { latin1 } from "./latin1.ts";

/*
 * From these lengths on the cell's native coder is faster than a loop here, its question of about 15 µs included:
 * of text to be encoded, of bytes to be decoded, and of what follows the ASCII that they begin with.
 */
const ASK_ENCODE_FROM = 4_096;
const ASK_DECODE_FROM = 8_192;
const ASK_REST_FROM = 2_048;
const REPLACEMENT = 0xfffd;
/** Code units that one call of `fromCharCode` takes. */
const BATCH = 512;

/** How many bytes a code point takes. */
export function utf8Width(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** The code point at `index`, a lone surrogate as U+FFFD. */
export function scalarAt(text: string, index: number): number {
  const unit = stringCharCodeAt(text, index);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  if (unit < 0xdc00 && index + 1 < text.length) {
    const next = stringCharCodeAt(text, index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) return 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
  }
  return REPLACEMENT;
}

/** Writes one code point and gives the position behind it. */
export function utf8Write(into: Uint8Array, at: number, codePoint: number): number {
  let p = at;
  if (codePoint < 0x80) {
    into[p++] = codePoint;
  } else if (codePoint < 0x800) {
    into[p++] = 0xc0 | (codePoint >> 6);
    into[p++] = 0x80 | (codePoint & 0x3f);
  } else if (codePoint < 0x10000) {
    into[p++] = 0xe0 | (codePoint >> 12);
    into[p++] = 0x80 | ((codePoint >> 6) & 0x3f);
    into[p++] = 0x80 | (codePoint & 0x3f);
  } else {
    into[p++] = 0xf0 | (codePoint >> 18);
    into[p++] = 0x80 | ((codePoint >> 12) & 0x3f);
    into[p++] = 0x80 | ((codePoint >> 6) & 0x3f);
    into[p++] = 0x80 | (codePoint & 0x3f);
  }
  return p;
}

/** The UTF-8 of a string, in memory of exactly that size; lone surrogates become U+FFFD. */
export function utf8Encode(text: string): Uint8Array<ArrayBuffer> {
  const length = text.length;
  if (length > ASK_ENCODE_FROM) {
    const answer = io.ask(Ask.utf8Encode, text);
    if (typeof answer === "object" && answer !== null) return answer as Uint8Array<ArrayBuffer>;
  }
  const ascii = new Bytes(length);
  for (let i = 0; i < length; i++) {
    const unit = stringCharCodeAt(text, i);
    if (unit > 0x7f) return encodeRest(text, ascii, i);
    ascii[i] = unit;
  }
  return ascii;
}

function encodeRest(text: string, ascii: Uint8Array, from: number): Uint8Array<ArrayBuffer> {
  const wide = new Bytes(from + (text.length - from) * 3);
  for (let i = 0; i < from; i++) wide[i] = ascii[i] as number;
  let p = from;
  for (let i = from; i < text.length; i++) {
    const codePoint = scalarAt(text, i);
    if (codePoint > 0xffff) i++;
    p = utf8Write(wide, p, codePoint);
  }
  return bytesCopy(wide, 0, p);
}

/** The text of some UTF-8 bytes, a BOM included; what is malformed becomes U+FFFD. */
export function utf8Decode(bytes: Uint8Array): string {
  return decode(bytes, false) as string;
}

/** As {@link utf8Decode}, but null where the bytes are malformed. */
export function utf8DecodeFatal(bytes: Uint8Array): string | null {
  return decode(bytes, true);
}

function decode(bytes: Uint8Array, fatal: boolean): string | null {
  const length = typedLength(bytes);
  let ascii = 0;
  if (length <= ASK_DECODE_FROM) {
    while (ascii < length && (bytes[ascii] as number) < 0x80) ascii++;
    if (length - ascii <= ASK_REST_FROM) return decodeHere(bytes, ascii, length, fatal);
  }
  const exact = bufferByteLength(typedBuffer(bytes)) === length ? bytes : bytesCopy(bytes);
  const answer = io.ask(Ask.utf8Decode, exact, fatal, true);
  if (typeof answer === "string" || fatal) return answer as string | null;
  return decodeHere(bytes, ascii, length, fatal);
}

/** Decodes bytes of which the first `ascii` are known to be ASCII. */
function decodeHere(bytes: Uint8Array, ascii: number, length: number, fatal: boolean): string | null {
  let text = latin1(bytes, ascii);
  let units: number[] = [];
  let count = 0;
  for (let i = ascii; i < length;) {
    if (count >= BATCH) {
      text += reflectApply(stringFromCharCode, undefined, units);
      units = [];
      count = 0;
    }
    const byte = bytes[i] as number;
    if (byte < 0x80) {
      units[count++] = byte;
      i++;
      continue;
    }
    const scan = sequence(bytes, i, length);
    if (scan > 0) {
      const codePoint = assemble(bytes, i, scan);
      if (codePoint > 0xffff) {
        units[count++] = 0xd7c0 + (codePoint >> 10);
        units[count++] = 0xdc00 | (codePoint & 0x3ff);
      } else {
        units[count++] = codePoint;
      }
      i += scan;
    } else {
      if (fatal) return null;
      units[count++] = REPLACEMENT;
      i -= scan;
    }
  }
  return count === 0 ? text : text + reflectApply(stringFromCharCode, undefined, units);
}

/**
 * Length of the well-formed sequence at `at`; if it is malformed, minus the length of its longest
 * valid beginning (at least 1), which is what one U+FFFD stands for.
 */
function sequence(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const width = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (at + 1 >= end) return -1;
  const second = bytes[at + 1] as number;
  if (second < low || second > high) return -1;
  for (let n = 2; n < width; n++) {
    if (at + n >= end || ((bytes[at + n] as number) & 0xc0) !== 0x80) return -n;
  }
  return width;
}

function assemble(bytes: Uint8Array, at: number, width: number): number {
  const lead = bytes[at] as number;
  const second = (bytes[at + 1] as number) & 0x3f;
  if (width === 2) return ((lead & 0x1f) << 6) | second;
  const third = (bytes[at + 2] as number) & 0x3f;
  if (width === 3) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | ((bytes[at + 3] as number) & 0x3f);
}

/** How many of the last bytes (0 to 3) begin a sequence that more bytes could complete. */
export function utf8IncompleteTail(bytes: Uint8Array): number {
  const end = typedLength(bytes);
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] as number;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const width = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    // A beginning that is valid so far is consumed as one piece, up to the end.
    return width > back && byte >= 0xc2 && byte <= 0xf4 && -sequence(bytes, end - back, end) === back
      ? back
      : 0;
  }
  return 0;
}
