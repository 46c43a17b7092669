import { utf8Encode } from "../encoding/utf8.ts";
import { arrayPush } from "../primordials/array.ts";
import { Bytes, bytesCopy, bytesOf, bytesSet, typedLength } from "../primordials/bytes.ts";
import { stringCharCodeAt, stringSlice, stringToWellFormed } from "../primordials/string.ts";

/** How line feeds of string parts are treated. */
export type Endings = "transparent" | "native";

/** Turns each CR LF and each lone CR into a line feed. */
function toNativeEndings(text: string): string {
  let result = "";
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (stringCharCodeAt(text, i) !== 13) continue;
    result += stringSlice(text, start, i) + "\n";
    if (stringCharCodeAt(text, i + 1) === 10) i++;
    start = i + 1;
  }
  return start === 0 ? text : result + stringSlice(text, start);
}

/**
 * The bytes of a blob made of `parts`: an iterable of buffers, views, blobs and strings.
 * `blobBytes` gives the bytes of a blob and undefined for anything else.
 *
 * @throws TypeError where `parts` is no iterable object
 */
export function joinParts(
  parts: unknown,
  endings: Endings,
  blobBytes: (value: unknown) => Uint8Array<ArrayBuffer> | undefined,
): Uint8Array<ArrayBuffer> {
  if ((typeof parts !== "object" && typeof parts !== "function") || parts === null) {
    throw new TypeError("Cannot make a Blob: the first argument is not a sequence");
  }
  if (typeof (parts as Iterable<unknown>)[Symbol.iterator] !== "function") {
    throw new TypeError("Cannot make a Blob: the first argument is not iterable");
  }
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  for (const part of parts as Iterable<unknown>) {
    // Buffers are copied at once, since converting a later part may run code that changes them.
    const buffer = typeof part === "object" ? bytesOf(part) : undefined;
    let piece = buffer ? bytesCopy(buffer) : blobBytes(part);
    if (!piece) {
      const text = stringToWellFormed(`${part as string}`);
      piece = utf8Encode(endings === "native" ? toNativeEndings(text) : text);
    }
    sizeBytes += typedLength(piece);
    arrayPush(pieces, piece);
  }
  if (pieces.length === 1) return pieces[0] as Uint8Array<ArrayBuffer>;
  const whole = new Bytes(sizeBytes);
  let offset = 0;
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Uint8Array<ArrayBuffer>;
    bytesSet(whole, piece, offset);
    offset += typedLength(piece);
  }
  return whole;
}
