import { fileOf } from "../blob/file.ts";
import { utf8Decode, utf8Encode } from "../encoding/utf8.ts";
import {
  Bytes,
  bytesCopy,
  bytesIndexOf,
  typedBuffer,
  typedByteOffset,
  typedLength,
} from "../primordials/bytes.ts";
import { addEntry, FormData } from "./form-data.ts";
import { parsePartHeaders } from "./part-headers.ts";

/** Parts that one form may have. */
export const FORM_PARTS = 10_000;
/** Bytes that the headers of one part may take. */
export const PART_HEADER_BYTES = 16 * 1024;

const CR = 13;
const LF = 10;
const DASH = 45;

function malformed(what: string): TypeError {
  return new TypeError(`Cannot parse the body as multipart/form-data: ${what}`);
}

/** Whether `pattern` stands at `at`. */
function matches(bytes: Uint8Array, at: number, pattern: Uint8Array): boolean {
  const length = typedLength(pattern);
  if (at + length > typedLength(bytes)) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== pattern[i]) return false;
  return true;
}

/** Where `pattern`, which begins with its only CR, stands next; -1 if nowhere. Linear in the bytes. */
function find(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  for (let at = bytesIndexOf(bytes, CR, from); at >= 0; at = bytesIndexOf(bytes, CR, at + 1)) {
    if (matches(bytes, at, pattern)) return at;
  }
  return -1;
}

/** Where the empty line that ends a part's headers begins; the headers start behind a line end. */
function endOfHeaders(bytes: Uint8Array, from: number): number {
  for (let at = bytesIndexOf(bytes, CR, from); at >= 0; at = bytesIndexOf(bytes, CR, at + 1)) {
    if (at - from > PART_HEADER_BYTES)
      throw malformed(`the headers of a part exceed ${PART_HEADER_BYTES} bytes`);
    if (bytes[at + 1] === LF && bytes[at + 2] === CR && bytes[at + 3] === LF) return at;
  }
  throw malformed("the headers of a part do not end");
}

function view(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Bytes(typedBuffer(bytes) as ArrayBuffer, typedByteOffset(bytes) + start, end - start);
}

/**
 * Parses a whole `multipart/form-data` body.
 *
 * @throws TypeError where the body is malformed, ends early, or has more parts or longer part
 * headers than {@link FORM_PARTS} and {@link PART_HEADER_BYTES}
 */
export function parseMultipart(bytes: Uint8Array, boundary: string): FormData {
  const delimiter = utf8Encode(`\r\n--${boundary}`);
  const delimiterLength = typedLength(delimiter);
  const opening = view(delimiter, 2, delimiterLength);
  const form = new FormData();
  // What stands before the first delimiter is a preamble that nobody reads.
  let at: number;
  if (matches(bytes, 0, opening)) at = delimiterLength - 2;
  else {
    const first = find(bytes, delimiter, 0);
    if (first < 0) throw malformed("the boundary does not occur");
    at = first + delimiterLength;
  }
  for (let parts = 0; ; parts++) {
    if (bytes[at] === DASH && bytes[at + 1] === DASH) return form;
    while (bytes[at] === 32 || bytes[at] === 9) at++;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) throw malformed("a boundary is not followed by a line end");
    if (parts === FORM_PARTS) throw malformed(`it has more than ${FORM_PARTS} parts`);
    // `at` stays on this line end, so that a part without headers has its empty line.
    const headersEnd = endOfHeaders(bytes, at);
    const headers = parsePartHeaders(headersEnd === at ? "" : utf8Decode(view(bytes, at + 2, headersEnd)));
    if (headers === undefined) throw malformed("a part has no Content-Disposition with a name");
    const contentStart = headersEnd + 4;
    const contentEnd = find(bytes, delimiter, contentStart);
    if (contentEnd < 0) throw malformed("the last part does not end");
    if (headers.filename === undefined)
      addEntry(form, headers.name, utf8Decode(view(bytes, contentStart, contentEnd)));
    else
      addEntry(
        form,
        headers.name,
        fileOf(bytesCopy(bytes, contentStart, contentEnd), headers.filename, headers.contentType),
      );
    at = contentEnd + delimiterLength;
  }
}
