import { isUtf8 } from "node:buffer";
import { BodyKind } from "../../../runtime-api/contract/flat.ts";
import type { FlatBody } from "../../../runtime-api/contract/flat.ts";
import { INLINE_BODY_BYTES } from "../../../runtime-api/contract/bounds.ts";
import type { Bytes, KvReading } from "../../storage/kv-store.ts";
import type { CallContext } from "../binding.ts";
import { joinBytes } from "../../cell/protocol/join-bytes.ts";
import { fromStore, kvFailure } from "./kv-failure.ts";
import { VALUE_BYTES } from "./kv-limits.ts";

const encoder = new TextEncoder();
// As it stands, the byte order mark too: the face in the isolate decides what a reader sees.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The bytes of a put's body.
 * @param received hears how much came, piece by piece, of a stream
 * @throws {CallError} if there are more than a value may have; a stream is cancelled then.
 */
export async function readValue(
  body: string | Uint8Array | ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
  received: (bytes: number) => void = () => {},
): Promise<Bytes> {
  if (body === null) return new Uint8Array(0);
  if (typeof body === "string") {
    checkSize(Buffer.byteLength(body, "utf8"));
    return encoder.encode(body);
  }
  if (body instanceof Uint8Array) {
    checkSize(body.length);
    return body;
  }
  return await collect(body, signal, received);
}

/** A value as the body of a reply: text or bytes if it is small, else a stream that is read as it is asked for. */
export function valueBody(reading: KvReading, context: CallContext): FlatBody {
  const { whole } = reading;
  if (whole === null || whole.length > INLINE_BODY_BYTES)
    return [BodyKind.stream, context.openStream(lazyStream(reading, context.signal))];
  return isUtf8(whole) ? [BodyKind.text, decoder.decode(whole)] : [BodyKind.bytes, whole];
}

/** A value as text; what is not UTF-8 becomes U+FFFD. */
export async function valueText(reading: KvReading): Promise<string> {
  if (reading.whole !== null) return decoder.decode(reading.whole);
  const pieces: Bytes[] = [];
  for await (const piece of reading.pieces()) pieces.push(piece);
  return decoder.decode(joinBytes(pieces, reading.sizeBytes));
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  received: (bytes: number) => void,
): Promise<Bytes> {
  const reader = stream.getReader();
  const stop = (): void => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      checkSize(size);
      received(value.length);
      chunks.push(value);
    }
    // A cancelled stream ends as if it were whole; half a value must not be stored.
    signal.throwIfAborted();
    return joinBytes(chunks, size);
  } catch (error) {
    await reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function lazyStream(reading: KvReading, signal: AbortSignal): ReadableStream<Uint8Array> {
  const pieces = reading.pieces();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          signal.throwIfAborted();
          const { done, value } = await pieces.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(fromStore("GET", error));
        }
      },
      async cancel() {
        await pieces.return();
      },
    },
    // Nothing is read before the isolate asks: a value that nobody reads costs nothing.
    { highWaterMark: 0 },
  );
}

function checkSize(size: number): void {
  if (size > VALUE_BYTES)
    throw kvFailure("PUT", 413, `Value length of ${size} exceeds limit of ${VALUE_BYTES}.`);
}
