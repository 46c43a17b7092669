import { isUtf8 } from "node:buffer";
import { BodyKind } from "../../../runtime-api/contract/flat.ts";
import type { FlatBody } from "../../../runtime-api/contract/flat.ts";
import { INLINE_BODY_BYTES } from "../../../runtime-api/contract/bounds.ts";
import type { Bytes, KvReading } from "../../storage/kv-store.ts";
import { type CallContext, CallError } from "../binding.ts";
import { joinBytes } from "../../cell/protocol/join-bytes.ts";
import { fromStore, kvFailure, type KvMethod } from "./kv-failure.ts";
import { VALUE_BYTES } from "./kv-limits.ts";
import type { KvRooms } from "./kv-rooms.ts";

/** Two gigabytes a second. */
const BYTES_PER_US = 2_048;

const encoder = new TextEncoder();
// As it stands, the byte order mark too: the face in the isolate decides what a reader sees.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The bytes of a put's body.
 * @param received hears how much came, piece by piece, of a stream, and is waited for
 * @throws {CallError} if there are more than a value may have; a stream is cancelled then.
 */
export async function readValue(
  body: string | Uint8Array | ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
  received: (bytes: number) => Promise<void> | void = () => {},
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
export function valueBody(reading: KvReading, rooms: KvRooms, context: CallContext): FlatBody {
  const { whole } = reading;
  if (whole === null || whole.length > INLINE_BODY_BYTES)
    return [BodyKind.stream, context.openStream(streamOf(piecesOf(reading, rooms, context), context, "GET"))];
  return isUtf8(whole) ? [BodyKind.text, decoder.decode(whole)] : [BodyKind.bytes, whole];
}

/** A value piece by piece: accounts take turns, and each pays for what is read. */
export async function* piecesOf(
  reading: KvReading,
  rooms: KvRooms,
  context: CallContext,
): AsyncGenerator<Bytes, void, undefined> {
  const pieces = reading.pieces();
  try {
    for (;;) {
      await rooms.reading.turn(context.account);
      context.signal.throwIfAborted();
      const { done, value } = await pieces.next();
      if (done === true) return;
      context.charge(readCostUs(value.length));
      yield value;
    }
  } finally {
    await pieces.return();
  }
}

/**
 * Pieces as a stream. Nothing is read before somebody asks: a value that nobody reads costs nothing.
 *
 * @param onEnd called once, when the pieces are at their end, failed or are not wanted any more
 */
export function streamOf(
  pieces: AsyncGenerator<Bytes, void, undefined>,
  { signal }: CallContext,
  method: KvMethod,
  onEnd: () => void = () => {},
): ReadableStream<Uint8Array> {
  let isOver = false;
  const end = (): void => {
    if (!isOver) onEnd();
    isOver = true;
  };
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          signal.throwIfAborted();
          const { done, value } = await pieces.next();
          if (done !== true) return controller.enqueue(value);
          end();
          controller.close();
        } catch (error) {
          end();
          controller.error(fromStore(method, error));
        }
      },
      async cancel() {
        end();
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** What the host spends on reading so many bytes and handing them on, in microseconds. */
export function readCostUs(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_US);
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  received: (bytes: number) => Promise<void> | void,
): Promise<Bytes> {
  const reader = stream.getReader();
  const stop = (): void => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read().catch(brokenBody);
      if (done) break;
      size += value.length;
      checkSize(size);
      await received(value.length);
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

/** A body that breaks on its way is no fault of the host: the worker hears why, in the words in which it would have read it. */
function brokenBody(error: unknown): never {
  throw new CallError("Error", error instanceof Error ? error.message : "the value could not be read");
}

function checkSize(size: number): void {
  if (size > VALUE_BYTES)
    throw kvFailure("PUT", 413, `Value length of ${size} exceeds limit of ${VALUE_BYTES}.`);
}
