import { BodyKind, type Flat } from "../contract/flat.ts";
import { utf8Decode, utf8Encode } from "../encoding/utf8.ts";
import { hostBodyStream, openHostBody, rememberSource } from "../fetch/body.ts";
import { io } from "../io/io.ts";
import { Bytes, bytesSubarray, typedBuffer } from "../primordials/bytes.ts";
import { jsonParse } from "../primordials/values.ts";
import { bytesStream } from "../streams/bytes-stream.ts";
import { readAll } from "../streams/read-all.ts";
import type { ByteStream } from "../streams/stream-state.ts";

export type KvType = "text" | "json" | "arrayBuffer" | "stream";

/** Largest value that a namespace holds, in bytes. */
const MAX_VALUE_BYTES = 25 * 1024 * 1024;

/** Turns the body of a reply into what the worker asked for. */
export async function decodeValue(kind: BodyKind, value: Flat, type: KvType): Promise<unknown> {
  if (type === "stream") return valueStream(kind, value);
  const whole =
    kind === BodyKind.stream
      ? await readAll(openHostBody(io.hostBody(value as number)), MAX_VALUE_BYTES)
      : value;
  if (type === "arrayBuffer") return typedBuffer(wholeBytes(whole));
  const text = typeof whole === "string" ? whole : utf8Decode(wholeBytes(whole));
  return type === "json" ? jsonParse(text) : text;
}

/**
 * Gives the texts of a bulk read in order: as they stand in the reply, or cut by their sizes from the stream that came
 * with it.
 */
export async function bulkTexts(values: readonly Flat[]): Promise<(entry: Flat | undefined) => string> {
  if (values[0] !== BodyKind.stream) return (entry) => entry as string;
  const bytes = await readAll(openHostBody(io.hostBody(values[1] as number)), MAX_VALUE_BYTES);
  let at = 0;
  return (entry) => utf8Decode(bytesSubarray(bytes, at, (at += entry as number)));
}

/** A stream that goes to the host by its id if nobody reads it here. */
function valueStream(kind: BodyKind, value: Flat): ByteStream {
  if (kind !== BodyKind.stream) return bytesStream(() => wholeBytes(value));
  const host = io.hostBody(value as number);
  const stream = hostBodyStream(host);
  rememberSource(stream, host, false);
  return stream;
}

function wholeBytes(value: Flat): Uint8Array {
  if (typeof value === "string") return utf8Encode(value);
  return value === null ? new Bytes(0) : (value as Uint8Array);
}
