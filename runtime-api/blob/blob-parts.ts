import { utf8Encode } from "../encoding/utf8.ts";
import { arrayPush } from "../primordials/array.ts";
import { Bytes, bytesCopy, bytesOf, bytesSet, typedArrayKind, typedLength } from "../primordials/bytes.ts";
import { stringCharCodeAt, stringSlice, stringToWellFormed } from "../primordials/string.ts";
import { forEachItem } from "../webidl/convert.ts";

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

/** One part as Web IDL converts it: text, memory of others that is not copied yet, or the bytes of a blob. */
type Part = string | Uint8Array<ArrayBuffer> | { readonly buffer: object };

/**
 * Reads the parts of a blob: an iterable of buffers, views, blobs and strings.
 *
 * @param blobBytes Gives the bytes of a blob and undefined for anything else
 * @throws TypeError where `parts` is no iterable object
 */
export function readParts(
  parts: unknown,
  what: string,
  blobBytes: (value: unknown) => Uint8Array<ArrayBuffer> | undefined,
): readonly Part[] {
  const read: Part[] = [];
  forEachItem(parts, `The first argument of '${what}'`, (part) => {
    if (typeof part === "object" && part !== null && bytesOf(part) !== undefined)
      arrayPush(read, { buffer: part });
    else arrayPush(read, blobBytes(part) ?? stringToWellFormed(`${part as string}`));
  });
  return read;
}

/** The bytes of a blob made of parts. Buffers are copied as they are by now. */
export function joinParts(parts: readonly Part[], endings: Endings): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Part;
    const piece =
      typeof part === "string"
        ? utf8Encode(endings === "native" ? toNativeEndings(part) : part)
        : typedArrayKind(part) === "Uint8Array"
          ? (part as Uint8Array<ArrayBuffer>)
          : bytesCopy(bytesOf((part as { readonly buffer: object }).buffer) as Uint8Array);
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
