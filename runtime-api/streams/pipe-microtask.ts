import type { ReadableStream } from "web-streams-polyfill";
import {
  dataDescriptor,
  objectDefineProperty,
  objectGetPrototypeOf,
  reflectApply,
} from "../primordials/object.ts";
import { promiseResolve, promiseThen } from "../primordials/promise.ts";

/** What the library keeps for a pipe that waits for a chunk. */
interface PipeRequest {
  readonly _state: { readonly _writer: { readonly _ownerWritableStream?: object } };
  _chunkSteps(chunk: unknown): void;
}
interface Insides {
  readonly _reader?: { readonly _readRequests?: { peek(): PipeRequest | undefined } };
}

const ready = promiseResolve(undefined);

/**
 * Makes pipes that wait for a chunk write it in a microtask of its own, as the Streams standard says
 * (ReadableStreamPipeTo, "must not run synchronously"): `enqueue()` returns before the sink's code runs. The
 * library calls the sink at once, and offers no other way to its request than a pipe that waits: `waitingPipe`
 * makes one, of a stream to which nothing was enqueued, when the first pipe is asked for.
 */
export function pipeInMicrotasks(prototype: ReadableStream, waitingPipe: () => ReadableStream): void {
  let isReady = false;
  const prepare = (): void => {
    if (isReady) return;
    isReady = true;
    try {
      writeInMicrotasks(waitingPipe());
    } catch {
      // Something that the worker replaced has thrown: its own pipes write early.
    }
  };
  const { pipeTo, pipeThrough } = prototype;
  const methods = {
    pipeTo(this: unknown, destination: unknown, options: unknown = {}): unknown {
      prepare();
      return reflectApply(pipeTo, this, [destination, options]);
    },
    pipeThrough(this: unknown, transform: unknown, options: unknown = {}): unknown {
      prepare();
      return reflectApply(pipeThrough, this, [transform, options]);
    },
  };
  objectDefineProperty(prototype, "pipeTo", dataDescriptor(methods.pipeTo, true));
  objectDefineProperty(prototype, "pipeThrough", dataDescriptor(methods.pipeThrough, true));
}

function writeInMicrotasks(source: ReadableStream): void {
  const request = (source as unknown as Insides)._reader?._readRequests?.peek();
  if (request === undefined) return;
  const prototype = objectGetPrototypeOf(request) as PipeRequest;
  const write = prototype._chunkSteps;
  prototype._chunkSteps = function (this: PipeRequest, chunk: unknown): void {
    void promiseThen(ready, () => {
      // A pipe that was shut down meanwhile has let its writer go.
      if (this._state._writer._ownerWritableStream !== undefined) reflectApply(write, this, [chunk]);
    });
  };
}
