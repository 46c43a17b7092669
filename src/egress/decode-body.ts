import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import type { Transform } from "node:stream";
import { type DecodeBounds, DecodeGuard, type DecodeLayer } from "./decode-guard.ts";
import { EgressError } from "./egress-error.ts";

/** Codings on top of each other; no honest origin applies more. */
const MAX_CODINGS = 3;
const KNOWN: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br", "zstd"]);

/** 8 MiB, as a power of two. */
const ZSTD_WINDOW_LOG = 23;

/** Whether a body of these codings can be decoded; any other is passed on as it is. */
export function canDecode(encodings: readonly string[]): boolean {
  return (
    encodings.length > 0 &&
    encodings.length <= MAX_CODINGS &&
    encodings.every((encoding) => KNOWN.has(encoding))
  );
}

/**
 * Decodes a body while it is read: memory stays the same however much comes out of how little. It fails where more
 * comes out than its bounds allow.
 *
 * @param encodings In the order in which they were applied, all {@link canDecode}.
 */
export function decodeBody(
  source: ReadableStream<Uint8Array>,
  encodings: readonly string[],
  bounds: DecodeBounds,
): ReadableStream<Uint8Array> {
  const guard = new DecodeGuard(bounds);
  return encodings.toReversed().reduce((body, encoding, index) => {
    const received = index === 0 ? (bytes: number) => guard.received(bytes) : () => {};
    return decodeOne(body, encoding, guard, received);
  }, source);
}

function decodeOne(
  source: ReadableStream<Uint8Array>,
  encoding: string,
  guard: DecodeGuard,
  received: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let decoder: Transform | null = null;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (decoder === null) {
          const first = await reader.read();
          if (first.done) return controller.close();
          decoder = createDecoder(encoding, first.value);
          const layer = guard.layer(encoding);
          connect(decoder, controller, layer);
          void feed(reader, decoder, first.value, (bytes) => {
            received(bytes);
            layer.took(bytes);
          });
        }
        decoder.resume();
      },
      cancel(reason) {
        decoder?.destroy();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function createDecoder(encoding: string, first: Uint8Array): Transform {
  // What has arrived is given out at once, and a missing trailer is forgiven, as browsers do.
  const options = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  if (encoding === "gzip" || encoding === "x-gzip") return createGunzip(options);
  if (encoding === "br") {
    // Its end is part of its data: without it anything short would pass.
    return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
  }
  if (encoding === "zstd") {
    // As RFC 9659 bounds it: a frame may ask for much more memory than any content needs.
    return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } });
  }
  // "deflate" means zlib's format, but some send it without its header.
  return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate(options) : createInflateRaw(options);
}

// Pausing comes first: enqueue may ask for more before it returns.
function connect(
  decoder: Transform,
  controller: ReadableStreamDefaultController<Uint8Array>,
  layer: DecodeLayer,
): void {
  decoder.on("close", () => layer.over());
  decoder.on("data", (chunk: Buffer) => {
    // One that was let go of can still hand out what it had.
    if (decoder.destroyed) return;
    decoder.pause();
    try {
      layer.gave(chunk.length);
    } catch (error) {
      decoder.destroy(error as Error);
      return;
    }
    controller.enqueue(new Uint8Array(chunk));
  });
  decoder.on("end", () => {
    if (!decoder.destroyed) controller.close();
  });
  decoder.on("error", (error) => {
    controller.error(
      error instanceof EgressError
        ? error
        : new EgressError("TypeError", "The response's body is not what its Content-Encoding says", {
            cause: error,
          }),
    );
  });
}

async function feed(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  decoder: Transform,
  first: Uint8Array,
  received: (bytes: number) => void,
): Promise<void> {
  try {
    let chunk: Uint8Array | undefined = first;
    while (chunk !== undefined) {
      received(chunk.length);
      if (!decoder.write(chunk)) await roomToWrite(decoder);
      if (decoder.destroyed) {
        await reader.cancel();
        return;
      }
      chunk = (await reader.read()).value;
    }
    decoder.end();
  } catch (error) {
    decoder.destroy(error as Error);
  }
}

function roomToWrite(decoder: Transform): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  decoder.once("drain", resolve).once("close", resolve);
  return promise.finally(() => decoder.off("drain", resolve).off("close", resolve));
}
