import {
  ReadableStream,
  ReadableStreamDefaultReader,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultWriter,
} from "web-streams-polyfill";
import { cloneWith } from "../clone/structured-clone.ts";
import { type Handover, registerTransferable } from "../clone/transfer.ts";
import { objectGetOwnPropertyDescriptor } from "../primordials/object.ts";
import { promiseHandled } from "../primordials/promise.ts";
import { uncurry } from "../primordials/uncurry.ts";

type Reader = ReadableStreamDefaultReader<unknown>;
type Writer = WritableStreamDefaultWriter<unknown>;
type Result = { readonly done: boolean; readonly value: unknown };

/** A getter of an interface; it throws for anything that is not of it. */
function getter<R>(prototype: object, key: string): (self: object) => R {
  return uncurry(objectGetOwnPropertyDescriptor(prototype, key)?.get as () => R) as (self: object) => R;
}
const readableLocked = getter<boolean>(ReadableStream.prototype, "locked");
const writableLocked = getter<boolean>(WritableStream.prototype, "locked");
const readableOf = getter<ReadableStream>(TransformStream.prototype, "readable");
const writableOf = getter<WritableStream>(TransformStream.prototype, "writable");

const getReader = uncurry(ReadableStream.prototype.getReader) as (self: object) => Reader;
const getWriter = uncurry(WritableStream.prototype.getWriter) as (self: object) => Writer;
const read = uncurry(ReadableStreamDefaultReader.prototype.read) as (self: Reader) => Promise<Result>;
const cancel = uncurry(ReadableStreamDefaultReader.prototype.cancel) as (
  self: Reader,
  reason: unknown,
) => Promise<void>;
const write = uncurry(WritableStreamDefaultWriter.prototype.write) as (
  self: Writer,
  chunk: unknown,
) => Promise<void>;
const close = uncurry(WritableStreamDefaultWriter.prototype.close) as (self: Writer) => Promise<void>;
const abort = uncurry(WritableStreamDefaultWriter.prototype.abort) as (
  self: Writer,
  reason: unknown,
) => Promise<void>;
const enqueue = uncurry(TransformStreamDefaultController.prototype.enqueue) as (
  self: TransformStreamDefaultController<unknown>,
  chunk: unknown,
) => void;
const fail = uncurry(TransformStreamDefaultController.prototype.error) as (
  self: TransformStreamDefaultController<unknown>,
  reason: unknown,
) => void;

/** Whether an object is of the interface that the getter belongs to. */
function isOf(get: (self: object) => unknown, value: object): boolean {
  try {
    get(value);
    return true;
  } catch {
    return false;
  }
}

/** A chunk as it arrives at the other side: a copy, as if it had gone through a port. */
function passed(chunk: unknown): unknown {
  return cloneWith(chunk, undefined).copy;
}

function handReadable(stream: object): Handover {
  let reader: Reader;
  const source = {
    __proto__: null,
    async pull(controller: { enqueue(chunk: unknown): void; close(): void }): Promise<void> {
      const { done, value } = await read(reader);
      if (done) {
        controller.close();
        return;
      }
      try {
        controller.enqueue(passed(value));
      } catch (error) {
        promiseHandled(cancel(reader, error));
        throw error;
      }
    },
    cancel: (reason: unknown) => cancel(reader, reason),
  };
  return {
    // It pulls only when it is read, which is after the handover.
    copy: new ReadableStream<unknown>(source, { highWaterMark: 0 }),
    blocked: () => readableLocked(stream),
    finish() {
      reader = getReader(stream);
    },
  };
}

function sink(writer: () => Writer): {
  write(chunk: unknown): Promise<void>;
  close(): Promise<void>;
  abort(reason: unknown): Promise<void>;
} {
  return {
    async write(chunk) {
      let copy: unknown;
      try {
        copy = passed(chunk);
      } catch (error) {
        promiseHandled(abort(writer(), error));
        throw error;
      }
      await write(writer(), copy);
    },
    close: () => close(writer()),
    abort: (reason) => abort(writer(), reason),
  };
}

function handWritable(stream: object): Handover {
  let writer: Writer;
  return {
    copy: new WritableStream<unknown>(sink(() => writer)),
    blocked: () => writableLocked(stream),
    finish() {
      writer = getWriter(stream);
    },
  };
}

function handTransform(stream: object): Handover {
  let reader: Reader;
  let writer: Writer;
  let controller: TransformStreamDefaultController<unknown>;
  let ended: Promise<void>;
  const into = sink(() => writer);
  async function pump(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await read(reader);
        if (done) return;
        enqueue(controller, passed(value));
      }
    } catch (error) {
      fail(controller, error);
      throw error;
    }
  }
  const copy = new TransformStream<unknown, unknown>({
    start(own) {
      controller = own;
    },
    transform: into.write,
    async flush() {
      await into.close();
      await ended;
    },
    cancel: into.abort,
  });
  return {
    copy,
    blocked: () => readableLocked(readableOf(stream)) || writableLocked(writableOf(stream)),
    finish() {
      reader = getReader(readableOf(stream));
      writer = getWriter(writableOf(stream));
      ended = pump();
      promiseHandled(ended);
    },
  };
}

/**
 * Lets streams be handed over by structuredClone and ports: the receiver's stream takes its chunks from the
 * sender's, which is locked from then on, and each chunk is a copy. Streams Standard, 4.2.5, 5.2.5 and 6.2.2.
 */
export function registerStreamTransfer(): void {
  registerTransferable((value) => {
    if (isOf(readableLocked, value)) return handReadable(value);
    if (isOf(writableLocked, value)) return handWritable(value);
    return isOf(readableOf, value) ? handTransform(value) : undefined;
  });
}
