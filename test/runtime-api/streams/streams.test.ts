import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesStream } from "../../../runtime-api/streams/bytes-stream.ts";
import { readAll } from "../../../runtime-api/streams/read-all.ts";
import {
  ReadableStream,
  streamClasses,
  TransformStream,
  WritableStream,
} from "../../../runtime-api/streams/stream-classes.ts";
import {
  isDisturbed,
  isLocked,
  isReadableStream,
  isUntouched,
  markRead,
} from "../../../runtime-api/streams/stream-state.ts";
import type { ByteStream } from "../../../runtime-api/streams/stream-state.ts";

function chunked(...chunks: unknown[]): ByteStream {
  return ReadableStream.from(chunks) as unknown as ByteStream;
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("stream classes have their names and class strings", () => {
  for (const [name, streamClass] of Object.entries(streamClasses)) {
    assert.is(streamClass.name, name);
    assert.is((streamClass.prototype as { [Symbol.toStringTag]?: string })[Symbol.toStringTag], name);
  }
});

test("ReadableStream's async iterator stands below V8's own prototype", async () => {
  const iterator = chunked(1, 2).values();
  const prototype = Object.getPrototypeOf(iterator) as object;
  const native = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype)) as object;
  assert.is(Object.getPrototypeOf(prototype), native);
  assert.equal(Object.getOwnPropertyNames(prototype).sort(), ["next", "return"]);
  const seen: unknown[] = [];
  for await (const chunk of iterator) seen.push(chunk);
  assert.equal(seen, [1, 2]);
});

test("ReadableStream.from takes async generators", async () => {
  const stream = ReadableStream.from(
    (async function* () {
      yield "a";
      yield "b";
    })(),
  );
  const seen: unknown[] = [];
  for await (const chunk of stream) seen.push(chunk);
  assert.equal(seen, ["a", "b"]);
});

test("pipeThrough carries chunks through a transform, and pipeTo stops at an abort", async () => {
  const doubled = chunked(1, 2, 3).pipeThrough(
    new TransformStream<never, number>({
      transform(chunk, controller) {
        controller.enqueue(chunk * 2);
      },
    }),
  );
  const seen: number[] = [];
  for await (const chunk of doubled) seen.push(chunk);
  assert.equal(seen, [2, 4, 6]);
  const abort = new AbortController();
  let sinkReason: unknown;
  const piping = new ReadableStream({ pull() {} }).pipeTo(
    new WritableStream({
      abort(reason) {
        sinkReason = reason;
      },
    }),
    { signal: abort.signal },
  );
  abort.abort("enough");
  assert.is(await rejection(piping), "enough");
  assert.is(sinkReason, "enough");
});

test("WritableStream's controller has a signal that aborts with the stream", async () => {
  let signal: AbortSignal | undefined;
  const stream = new WritableStream({
    start(controller) {
      signal = controller.signal as AbortSignal;
    },
  });
  await stream.abort("over");
  assert.is(signal?.aborted, true);
  assert.is(signal?.reason, "over");
});

test("readAll joins chunks into one array of exact size", async () => {
  const backing = new Uint8Array([9, 1, 2, 9]);
  const whole = await readAll(chunked(backing.subarray(1, 3), new Uint8Array([3])), 10);
  assert.equal([...whole], [1, 2, 3]);
  assert.is(whole.buffer.byteLength, 3);
});

test("readAll refuses more bytes than its cap, and cancels", async () => {
  let cancelled: unknown;
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(10));
    },
    cancel(reason) {
      cancelled = reason;
    },
  }) as unknown as ByteStream;
  const error = await rejection(readAll(endless, 25));
  assert.instance(error, RangeError);
  assert.match((error as Error).message, "25 bytes");
  assert.is(cancelled, error);
});

test("readAll refuses chunks that are no Uint8Array", async () => {
  for (const chunk of ["text", new Uint16Array(2), new ArrayBuffer(2), null, { length: 1 }]) {
    assert.instance(await rejection(readAll(chunked(chunk), 10)), TypeError);
  }
});

test("bytesStream reads nothing before it is read, and gives copies in pieces", async () => {
  const bytes = new Uint8Array(150_000).map((_, i) => i);
  let loaded = 0;
  const stream = bytesStream(() => {
    loaded++;
    return bytes;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.is(loaded, 0);
  assert.is(isUntouched(stream), true);
  const sizes: number[] = [];
  for await (const chunk of stream) {
    sizes.push(chunk.length);
    chunk.fill(0);
  }
  assert.equal(sizes, [65_536, 65_536, 18_928]);
  assert.is(bytes[1], 1);
  assert.is(isUntouched(stream), false);
});

test("bytesStream fills a reader's own buffer, and ends one that waits", async () => {
  const reader = bytesStream(() => new Uint8Array([1, 2, 3])).getReader({ mode: "byob" });
  const first = await reader.read(new Uint8Array(2));
  assert.equal([...(first.value ?? [])], [1, 2]);
  const second = await reader.read(new Uint8Array(2));
  assert.equal([...(second.value ?? [])], [3]);
  assert.is((await reader.read(new Uint8Array(2))).done, true);
  const empty = bytesStream(() => new Uint8Array(0)).getReader({ mode: "byob" });
  assert.is((await empty.read(new Uint8Array(2))).done, true);
});

test("isReadableStream goes by the brand", () => {
  assert.is(isReadableStream(new ReadableStream()), true);
  assert.is(isReadableStream(Object.create(ReadableStream.prototype)), false);
  assert.is(isReadableStream({ getReader() {}, locked: false }), false);
  assert.is(isReadableStream(null), false);
});

test("markRead locks a stream and marks it as disturbed", () => {
  const stream = bytesStream(() => new Uint8Array(1));
  markRead(stream);
  assert.is(isLocked(stream), true);
  assert.is(isDisturbed(stream), true);
});

test.run();
