import { abortInternals, type AbortSignal } from "../abort/abort-signal.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import {
  Bytes,
  bytesCopy,
  bytesOf,
  bytesSet,
  bytesSubarray,
  typedBuffer,
  typedByteLength,
  typedByteOffset,
} from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { promiseWithResolvers } from "../primordials/promise.ts";
import { mathMin } from "../primordials/values.ts";
import { type ByteController, closeByteStream, lazyByteStream } from "./bytes-stream.ts";
import { WritableStream } from "./stream-classes.ts";
import type { ByteStream } from "./stream-state.ts";

/** What may go through a pipe. Both throw where it may not. */
export interface PipeCounter {
  write(bytes: number): void;
  close(): void;
}

/** Bytes that were written and not read to the end. */
interface Waiting {
  left: Uint8Array<ArrayBuffer>;
  resolve(): void;
  reject(reason: unknown): void;
}

/** The face of the controller of a writable stream. */
interface SinkController {
  readonly signal: AbortSignal;
  error(reason: unknown): void;
}

/** The request of a reader that brought its own buffer. */
interface OwnBuffer {
  readonly view: Uint8Array | null;
  respond(bytes: number): void;
}

/**
 * A writable and a readable end of bytes, with nothing kept between them: a write is done when what it brought has
 * been read, into the reader's own buffer if that brings one.
 *
 * @param highWaterMark bytes that may wait at the writable end before it asks its writer to wait; undefined for one chunk
 */
export function bytePipe(
  counter: PipeCounter,
  highWaterMark: number | undefined,
): { readonly readable: ByteStream; readonly writable: WritableStream } {
  let reading: ByteController | undefined;
  let writing: SinkController | undefined;
  let waiting: Waiting | undefined;
  let isWanted = false;

  /** Gives a reader what waits, as far as both are there. */
  const move = (): void => {
    if (waiting === undefined || !isWanted || reading === undefined) return;
    isWanted = false;
    const { left, resolve } = waiting;
    const size = typedByteLength(left);
    const request = reading.byobRequest as OwnBuffer | null;
    const view = request?.view ?? null;
    const taken = view === null ? size : mathMin(size, typedByteLength(view));
    waiting.left = bytesSubarray(left, taken);
    if (taken === size) waiting = undefined;
    if (request === null || view === null) reading.enqueue(left);
    else {
      const into = new Bytes(typedBuffer(view) as ArrayBuffer, typedByteOffset(view), typedByteLength(view));
      bytesSet(into, bytesSubarray(left, 0, taken));
      request.respond(taken);
    }
    if (taken === size) resolve();
  };
  const fail = (reason: unknown): void => {
    const write = waiting;
    waiting = undefined;
    write?.reject(reason);
  };

  const readable = lazyByteStream({
    start(controller) {
      reading = controller;
    },
    pull() {
      isWanted = true;
      move();
    },
    cancel(reason) {
      writing?.error(reason);
      fail(reason);
    },
  });
  const sink = {
    __proto__: null,
    start(controller: SinkController): void {
      writing = controller;
      // A write that waits for a reader must not hold an abort up.
      abortInternals.onAbort(controller.signal, () => fail(controller.signal.reason));
    },
    write(chunk: unknown): Promise<void> | undefined {
      try {
        const bytes = requireBytes(chunk);
        const size = typedByteLength(bytes);
        counter.write(size);
        if (size === 0) return undefined;
        const { promise, resolve, reject } = promiseWithResolvers<void>();
        // The writer may change its bytes as soon as this returns.
        waiting = { left: bytesCopy(bytes), resolve, reject };
        move();
        return promise;
      } catch (error) {
        reading?.error(error);
        throw error;
      }
    },
    close(): void {
      try {
        counter.close();
      } catch (error) {
        reading?.error(error);
        throw error;
      }
      if (reading !== undefined) closeByteStream(reading);
    },
    abort(reason: unknown): void {
      reading?.error(reason);
      fail(reason);
    },
  };
  const strategy =
    highWaterMark === undefined ? { __proto__: null } : { __proto__: null, highWaterMark, size: sizeOf };
  return { readable, writable: new WritableStream(sink as never, strategy as never) };
}

function sizeOf(chunk: unknown): number {
  const bytes = bytesOf(chunk);
  return bytes === undefined ? 0 : typedByteLength(bytes);
}

function requireBytes(chunk: unknown): Uint8Array<ArrayBuffer> {
  if (typeof chunk === "string") return utf8Encode(chunk);
  const bytes = bytesOf(chunk);
  if (bytes === undefined) {
    throw new TypeErrorOf(
      "This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.",
    );
  }
  return bytes;
}
