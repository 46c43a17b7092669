import { blobBytes } from "../blob/blob.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import { arrayPush } from "../primordials/array.ts";
import { Bytes, bytesSet, typedLength } from "../primordials/bytes.ts";
import { stringCharCodeAt, stringPadStart, stringSlice } from "../primordials/string.ts";
import { mathFloor, mathRandom, numberToString } from "../primordials/values.ts";
import type { FormDataEntry } from "./form-data.ts";

/** A form on the wire: text where it has no file. */
export interface EncodedForm {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

function randomDigits(): string {
  return stringPadStart(numberToString(mathFloor(mathRandom() * 2 ** 48), 36), 10, "0");
}

/** Turns each lone CR and each lone LF into CR LF. */
function toNetworkLines(text: string): string {
  let result = "";
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = stringCharCodeAt(text, i);
    if (code !== 10 && code !== 13) continue;
    result += stringSlice(text, start, i) + "\r\n";
    if (code === 13 && stringCharCodeAt(text, i + 1) === 10) i++;
    start = i + 1;
  }
  return start === 0 ? text : result + stringSlice(text, start);
}

/** Escapes a name for a header as browsers do. */
function escapeName(text: string): string {
  let result = "";
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = stringCharCodeAt(text, i);
    const escape = code === 10 ? "%0A" : code === 13 ? "%0D" : code === 34 ? "%22" : "";
    if (escape === "") continue;
    result += stringSlice(text, start, i) + escape;
    start = i + 1;
  }
  return start === 0 ? text : result + stringSlice(text, start);
}

/** Encodes a form as `multipart/form-data` with a boundary of its own. */
export function encodeMultipart(entries: readonly FormDataEntry[]): EncodedForm {
  const boundary = `----SkerryFormBoundary${randomDigits()}${randomDigits()}`;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let text = "";
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as FormDataEntry;
    const value = entry[1];
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(toNetworkLines(entry[0]))}"`;
    if (typeof value === "string") {
      text += `${head}\r\n\r\n${toNetworkLines(value)}\r\n`;
    } else {
      text += `${head}; filename="${escapeName(value.name)}"\r\nContent-Type: ${value.type || "application/octet-stream"}\r\n\r\n`;
      arrayPush(pieces, utf8Encode(text));
      arrayPush(pieces, blobBytes(value) as Uint8Array<ArrayBuffer>);
      text = "\r\n";
    }
  }
  text += `--${boundary}--\r\n`;
  const contentType = `multipart/form-data; boundary=${boundary}`;
  if (pieces.length === 0) return { body: text, contentType };
  arrayPush(pieces, utf8Encode(text));
  let sizeBytes = 0;
  for (let i = 0; i < pieces.length; i++) sizeBytes += typedLength(pieces[i] as Uint8Array);
  const body = new Bytes(sizeBytes);
  for (let i = 0, offset = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Uint8Array;
    bytesSet(body, piece, offset);
    offset += typedLength(piece);
  }
  return { body, contentType };
}
