import { btoa } from "../base64/base64.ts";
import { latin1 } from "../encoding/latin1.ts";
import { encodingOf } from "../encoding/labels.ts";
import { decodeWith, TextDecoder } from "../encoding/text-decoder.ts";
import { mimeParameter, parseMimeType } from "../fetch/mime-type.ts";
import { bytesCopy, typedBuffer } from "../primordials/bytes.ts";

/** How a blob is read. */
export type ReadKind = "buffer" | "binary" | "text" | "dataUrl";

/** The encoding of text by its first bytes; undefined where they are no byte order mark. */
function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : undefined;
}

/** The encoding of text by what is said of it: the caller's label, else that of its type, else UTF-8. */
function namedEncoding(label: string | undefined, type: string): string {
  const given = label === undefined ? null : encodingOf(label);
  if (given !== null) return given;
  const parsed = parseMimeType(type);
  const charset = parsed === undefined ? undefined : mimeParameter(parsed, "charset");
  return (charset === undefined ? null : encodingOf(charset)) ?? "utf-8";
}

/** The result of reading a blob. "Package data" of the File API, 6.3. */
export function readResult(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  kind: ReadKind,
  label: string | undefined,
): string | ArrayBuffer {
  switch (kind) {
    case "buffer":
      return typedBuffer(bytesCopy(bytes)) as ArrayBuffer;
    case "binary":
      return latin1(bytes);
    case "text": {
      const encoding = markedEncoding(bytes) ?? namedEncoding(label, type);
      return decodeWith(new TextDecoder(encoding), bytes);
    }
    case "dataUrl":
      return `data:${type === "" ? "application/octet-stream" : type};base64,${btoa(latin1(bytes))}`;
  }
}
