import "./globals-first.ts";
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
import {
  dataDescriptor,
  objectDefineProperty,
  objectGetPrototypeOf,
  objectSetPrototypeOf,
} from "../primordials/object.ts";
import { symbolAsyncIterator, symbolToStringTag } from "../primordials/values.ts";
import { shapeInterface } from "./interface-shape.ts";

/** The classes of the Streams standard by their global names. */
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

for (const name of Object.keys(streamClasses) as (keyof typeof streamClasses)[])
  shapeInterface(streamClasses[name], name);

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

export { ReadableStream, TransformStream, WritableStream };
