import {
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
  ReadableByteStreamController,
  ReadableStream,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableStreamDefaultController,
  ReadableStreamDefaultReader,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
} from "web-streams-polyfill";
import { refuseClone } from "../clone/kinds.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  objectGetPrototypeOf,
  objectSetPrototypeOf,
} from "../primordials/object.ts";
import { promiseHandled } from "../primordials/promise.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { symbolAsyncIterator, symbolToStringTag } from "../primordials/values.ts";
import { pipeInMicrotasks } from "./pipe-microtask.ts";
import { makeStreamPart } from "./stream-part.ts";
import { STREAM_NAMES } from "./stream-names.ts";
import { streams } from "./stream-state.ts";
import { registerStreamTransfer } from "./transfer-streams.ts";

/** The classes of the Streams standard by their global names. Evaluated late: see `stream-state.ts`. */
export const streamClasses = {
  ReadableStream,
  ReadableStreamDefaultReader,
  ReadableStreamBYOBReader,
  ReadableStreamDefaultController,
  ReadableByteStreamController,
  ReadableStreamBYOBRequest,
  WritableStream,
  WritableStreamDefaultWriter,
  WritableStreamDefaultController,
  TransformStream,
  TransformStreamDefaultController,
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
} as const;

for (let i = 0; i < STREAM_NAMES.length; i++) {
  const name = STREAM_NAMES[i] as (typeof STREAM_NAMES)[number];
  // The library gives its classes their shape; the bundler may rename them.
  objectDefineProperty(streamClasses[name], "name", dataDescriptor(name, false, false));
  refuseClone(streamClasses[name].prototype);
}

// The library gives its iterators a prototype that stands alone; the standard wants it below V8's own.
const asyncIteratorPrototype = objectGetPrototypeOf(objectGetPrototypeOf(async function* () {}.prototype));
const streamIteratorPrototype = objectGetPrototypeOf(new ReadableStream().values()) as object;
delete (streamIteratorPrototype as { [symbolAsyncIterator]?: unknown })[symbolAsyncIterator];
objectSetPrototypeOf(streamIteratorPrototype, asyncIteratorPrototype);
objectDefineProperty(
  streamIteratorPrototype,
  symbolToStringTag,
  dataDescriptor("ReadableStream AsyncIterator", false, false),
);

// Cloudflare's own: from a time before `read` had `min`.
const readInto = uncurry(ReadableStreamBYOBReader.prototype.read) as (
  self: unknown,
  view: unknown,
  options: object,
) => Promise<unknown>;
const { readAtLeast } = {
  readAtLeast(this: unknown, minElements: number, view: ArrayBufferView): Promise<unknown> {
    return readInto(this, view, { __proto__: null, min: minElements });
  },
};
objectDefineProperty(ReadableStreamBYOBReader.prototype, "readAtLeast", dataDescriptor(readAtLeast, true));

registerStreamTransfer();
const pipeTo = uncurry(ReadableStream.prototype.pipeTo) as (
  self: ReadableStream,
  destination: WritableStream,
) => Promise<void>;
pipeInMicrotasks(ReadableStream.prototype, () => {
  const waiting = new ReadableStream();
  promiseHandled(pipeTo(waiting, new WritableStream()));
  return waiting;
});

streams.provide(makeStreamPart(ReadableStream<Uint8Array>, ReadableStreamDefaultReader<Uint8Array>));

export { ReadableStream, TransformStream, WritableStream };
