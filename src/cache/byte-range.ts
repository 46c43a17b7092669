/** Bytes of a body: from the first one on, to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Longest header that is read. Spaces in several places would otherwise be tried in all ways. */
const MAX_CHARS = 128;
const BYTES = /^bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i;

/**
 * Reads a `Range` header, RFC 9110 §14.1.2.
 *
 * @returns null where the whole body is to be given: there is no header, it is malformed or of another unit, or it
 * asks for several ranges, or is longer than any honest one. `unsatisfiable` where the body has none of the bytes.
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | "unsatisfiable" | null {
  if (header === undefined || header.length > MAX_CHARS) return null;
  const found = BYTES.exec(header);
  if (found === null) return null;
  const [, first = "", last = ""] = found;
  if (first === "") {
    if (last === "") return null;
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? "unsatisfiable" : { start: sizeBytes - length, end: sizeBytes };
  }
  const start = Number(first);
  const end = last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== "" && Number(last) < start) return null;
  return start >= sizeBytes ? "unsatisfiable" : { start, end };
}
