import { arrayPush } from "../primordials/array.ts";
import { Bytes, bytesSet, typedArrayKind, typedByteLength } from "../primordials/bytes.ts";
import { promiseHandled, PromiseOf } from "../primordials/promise.ts";
import { readerCancel, readerReadInto, streamReader } from "./stream-state.ts";
import type { ByteStream, ReadSteps } from "./stream-state.ts";

function join(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Bytes(sizeBytes);
  let offset = 0;
  for (let i = 0; i < chunks.length; i++) {
    const chunk = chunks[i] as Uint8Array;
    bytesSet(whole, chunk, offset);
    offset += typedByteLength(chunk);
  }
  return whole;
}

/**
 * Reads a byte stream to its end and gives its bytes to `done` as one array of exact size, or what went
 * wrong to `fail`. Locks the stream at once. No promise is made on the way, so that a patched
 * `Object.prototype.then` sees nothing.
 *
 * `fail` gets a TypeError where a chunk is no Uint8Array, and a RangeError where the bytes exceed
 * `maxBytes`; the stream is then cancelled.
 */
export function readAllInto(
  stream: ByteStream,
  maxBytes: number,
  done: (bytes: Uint8Array<ArrayBuffer>) => void,
  fail: (reason: unknown) => void,
): void {
  const reader = streamReader(stream);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  let reading = false;
  let more = false;
  const steps: ReadSteps = {
    chunk(value) {
      const error =
        typedArrayKind(value) === "Uint8Array"
          ? undefined
          : new TypeError("Cannot read the body: a chunk of its stream is not a Uint8Array");
      if (!error) sizeBytes += typedByteLength(value as Uint8Array);
      if (error || sizeBytes > maxBytes) {
        const reason = error ?? new RangeError(`Cannot read the body: it is larger than ${maxBytes} bytes`);
        promiseHandled(readerCancel(reader, reason));
        return fail(reason);
      }
      arrayPush(chunks, value as Uint8Array);
      read();
    },
    close: () => done(join(chunks, sizeBytes)),
    error: fail,
  };
  // Queued chunks come at once: a loop, since a long queue would be a deep recursion.
  const read = (): void => {
    more = true;
    if (reading) return;
    reading = true;
    while (more) {
      more = false;
      readerReadInto(reader, steps);
    }
    reading = false;
  };
  read();
}

/** As {@link readAllInto}, as a promise. */
export function readAll(stream: ByteStream, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  return new PromiseOf((resolve, reject) => readAllInto(stream, maxBytes, resolve, reject));
}
