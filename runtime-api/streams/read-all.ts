import { arrayPush } from "../primordials/array.ts";
import { Bytes, bytesSet, typedArrayKind, typedByteLength } from "../primordials/bytes.ts";
import { promiseHandled } from "../primordials/promise.ts";
import { readerCancel, readerRead, streamReader } from "./stream-state.ts";
import type { ByteStream } from "./stream-state.ts";

/**
 * Reads a byte stream to its end and gives its bytes as one array of exact size. Locks the stream
 * at once.
 *
 * @throws TypeError where a chunk is no Uint8Array
 * @throws RangeError where the bytes exceed `maxBytes`; the stream is then cancelled
 */
export async function readAll(stream: ByteStream, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = streamReader(stream);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const { done, value } = await readerRead(reader);
    if (done) break;
    const error =
      typedArrayKind(value) === "Uint8Array"
        ? undefined
        : new TypeError("Cannot read the body: a chunk of its stream is not a Uint8Array");
    if (!error) sizeBytes += typedByteLength(value as Uint8Array);
    if (error || sizeBytes > maxBytes) {
      const reason = error ?? new RangeError(`Cannot read the body: it is larger than ${maxBytes} bytes`);
      promiseHandled(readerCancel(reader, reason));
      throw reason;
    }
    arrayPush(chunks, value as Uint8Array);
  }
  const whole = new Bytes(sizeBytes);
  let offset = 0;
  for (let i = 0; i < chunks.length; i++) {
    const chunk = chunks[i] as Uint8Array;
    bytesSet(whole, chunk, offset);
    offset += typedByteLength(chunk);
  }
  return whole;
}
