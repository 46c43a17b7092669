import { TypeErrorOf } from "../primordials/errors.ts";
import { bytePipe, type PipeCounter } from "./byte-pipe.ts";
import { TransformStream } from "./stream-classes.ts";
import type { ByteStream } from "./stream-state.ts";

/** What the library keeps on a transform. */
interface Insides {
  _readable: unknown;
  _writable: unknown;
}

const UNCOUNTED: PipeCounter = { write() {}, close() {} };

let next: PipeCounter | undefined;
let made: ByteStream | undefined;

/** Gives the counter for the stream that is made next: only classes of the runtime can bring one. */
export function countNext(counter: PipeCounter): void {
  next = counter;
}

/** The readable end of the stream that was made last. */
export function takeReadable(): ByteStream {
  return made as ByteStream;
}

/**
 * The transform of Cloudflare Workers that gives the bytes that it takes. Its readable end is a byte stream, and a
 * write is done when what it brought was read.
 */
export class IdentityTransformStream extends TransformStream {
  /** @param queuingStrategy `highWaterMark` in bytes: what may wait at the writable end. @default one chunk */
  constructor(queuingStrategy?: { highWaterMark?: number }) {
    const counter = next ?? UNCOUNTED;
    next = undefined;
    const highWaterMark = readHighWaterMark(queuingStrategy);
    super();
    const { readable, writable } = bytePipe(counter, highWaterMark);
    made = readable;
    const insides = this as unknown as Insides;
    insides._readable = readable;
    insides._writable = writable;
  }
}

function readHighWaterMark(strategy: unknown): number | undefined {
  if (strategy === undefined || strategy === null) return undefined;
  if (typeof strategy !== "object" && typeof strategy !== "function")
    throw new TypeErrorOf("The queuing strategy is not an object.");
  const { highWaterMark } = strategy as { highWaterMark?: unknown };
  if (highWaterMark === undefined) return undefined;
  const bytes = +(highWaterMark as number);
  // With no room at all a pipe would never begin to write.
  return bytes >= 1 ? bytes : 1;
}
