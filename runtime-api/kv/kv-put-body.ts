import { INLINE_BODY_BYTES } from "../contract/bounds.ts";
import { BodyKind, type FlatBody } from "../contract/flat.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import { io } from "../io/io.ts";
import { bytesCopy, bytesOf, typedByteLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { bytesStream } from "../streams/bytes-stream.ts";
import { type ByteStream, isReadableStream } from "../streams/stream-state.ts";

/** Longest text that travels as a string; bytes are cheaper from some KB on. */
const TEXT_UNITS = 16 * 1024;

/** The value of a put as it travels: whole if it is small, else as a stream. */
export function flatBody(value: unknown): FlatBody {
  if (typeof value === "string") {
    return value.length <= TEXT_UNITS ? [BodyKind.text, value] : flatBytes(utf8Encode(value));
  }
  const bytes = bytesOf(value);
  if (bytes !== undefined) return flatBytes(bytesCopy(bytes));
  if (isReadableStream(value)) return flatStream(value);
  throw new TypeErrorOf("KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.");
}

function flatBytes(bytes: Uint8Array): FlatBody {
  return typedByteLength(bytes) <= INLINE_BODY_BYTES ? [BodyKind.bytes, bytes] : flatStream(bytesStream(() => bytes));
}

function flatStream(stream: ByteStream): FlatBody {
  return [BodyKind.stream, io.sendStream(stream as unknown as ReadableStream<Uint8Array>)];
}
