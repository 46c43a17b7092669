import { CODEC_OUTPUT_BYTES } from "../contract/bounds.ts";
import type { CodecMode } from "../contract/calls.ts";
import { bytesOf, typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { promiseResolve, promiseWithResolvers } from "../primordials/promise.ts";
import { ReadableStream, WritableStream } from "../streams/stream-classes.ts";
import type { StreamPair } from "../streams/stream-pair.ts";
import { Codec } from "./codec.ts";
import { GatheredBytes } from "./gathered-bytes.ts";

/** Bytes that are worth a step. What is packed comes out in blocks anyway; what is unpacked may be waited for. */
const GATHER_BYTES = 16 * 1024;
const PACKERS = { __proto__: null, gzip: true, deflate: true, "deflate-raw": true } as unknown as Record<
  string,
  boolean | undefined
>;

interface ReadableController {
  readonly desiredSize: number | null;
  enqueue(chunk: Uint8Array): void;
  close(): void;
  error(reason: unknown): void;
}

interface WritableController {
  readonly signal: AbortSignal;
  error(reason: unknown): void;
}

/**
 * The two ends of a codec. As with a TransformStream, an error at one end is an error of the other; unlike with
 * one, some output is made before anybody reads, and one chunk's output comes in pieces as it is read, so that
 * little can unpack to much and yet never stand in memory whole.
 */
export function codecStreams(mode: CodecMode): StreamPair {
  const codec = new Codec(mode);
  const gathered = new GatheredBytes();
  const enough = PACKERS[mode] === true ? GATHER_BYTES : 1;
  let output: ReadableController;
  let input: WritableController;
  /** Waits until there is room; there is at most one, as writes come one by one. */
  let waiting: PromiseWithResolvers<void> | undefined;
  let failure: { readonly reason: unknown } | undefined;

  /** Ends both sides, once. */
  function fail(reason: unknown): void {
    if (failure !== undefined) return;
    failure = { reason };
    codec.close();
    output.error(reason);
    // While it is being aborted it fails by itself.
    if (!input.signal.aborted) input.error(reason);
    waiting?.reject(reason);
  }

  function room(): Promise<void> {
    if (failure !== undefined) throw failure.reason;
    if ((output.desiredSize as number) > 0) return promiseResolve(undefined);
    waiting = promiseWithResolvers<void>();
    return waiting.promise;
  }

  function take(bytes: Uint8Array): void {
    if (failure !== undefined) throw failure.reason;
    output.enqueue(bytes);
  }

  /** Takes a copy: the worker may change or transfer away its own before all of it is used. */
  function gather(chunk: unknown): void {
    const bytes = bytesOf(chunk);
    if (bytes === undefined)
      throw new TypeErrorOf(
        "A chunk to be compressed or decompressed is not an ArrayBuffer or a view on one.",
      );
    codec.claim();
    gathered.add(bytes);
  }

  async function feed(finish: boolean): Promise<void> {
    try {
      if (finish || gathered.sizeBytes >= enough) await codec.feed(gathered.take(), finish, room, take);
    } catch (error) {
      fail(error);
      throw error;
    }
  }

  const readable = new ReadableStream(
    {
      __proto__: null,
      start(controller: ReadableController) {
        output = controller;
      },
      pull() {
        waiting?.resolve();
        waiting = undefined;
      },
      cancel: fail,
    } as object,
    {
      __proto__: null,
      highWaterMark: CODEC_OUTPUT_BYTES,
      size: (chunk: Uint8Array) => typedLength(chunk),
    } as object,
  );
  const writable = new WritableStream({
    __proto__: null,
    start(controller: WritableController) {
      input = controller;
      // A write that waits for room would hold up the abort that ends it.
      controller.signal.addEventListener("abort", () => fail(controller.signal.reason));
    },
    write(chunk: unknown) {
      try {
        gather(chunk);
      } catch (error) {
        fail(error);
        throw error;
      }
      return feed(false);
    },
    async close() {
      await feed(true);
      output.close();
    },
    abort: fail,
  } as object);
  return { readable, writable };
}
