import { gunzipSync, gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CompressionStream } from "../../../runtime-api/compression/compression-stream.ts";
import { DecompressionStream } from "../../../runtime-api/compression/decompression-stream.ts";
import { Op } from "../../../runtime-api/contract/calls.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { setIo } from "../../../runtime-api/io/io.ts";
import { Gate } from "../../../src/cell/core/gate.ts";
import { IsolateCodecs } from "../../../src/cell/core/isolate-codecs.ts";
import { standInIo } from "../stand-in-io.ts";

/** Installs a turn loop whose codecs are the cell's. Gives the operations that were asked for. */
function withCell(): string[] {
  const codecs = new IsolateCodecs(new Gate(3));
  const ops: string[] = [];
  setIo({
    ...standInIo().io,
    call(_slot, op, args) {
      ops.push(op);
      return { promise: answer(codecs, op, args), cancel() {} };
    },
  });
  return ops;
}

async function answer(codecs: IsolateCodecs, op: string, args: readonly Flat[]): Promise<readonly Flat[]> {
  const { ok, values } = op === Op.codec ? await codecs.step(1, args) : codecs.end(1, args);
  if (!ok) throw new TypeError(String(values[1]));
  return values;
}

function ends(pair: { readable: object; writable: object }): {
  readable: ReadableStream<Uint8Array>;
  writer: WritableStreamDefaultWriter<unknown>;
} {
  const writer = (pair.writable as WritableStream).getWriter();
  writer.closed.catch(() => {});
  return { readable: pair.readable as ReadableStream<Uint8Array>, writer };
}

async function all(readable: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const reader = readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  return new Uint8Array(Buffer.concat(chunks));
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => assert.unreachable("it did not fail"),
    (error: unknown) => error,
  );
}

test("CompressionStream packs a copy of what it is given, small chunks together; empty ones change nothing", async () => {
  const ops = withCell();
  const { readable, writer } = ends(new CompressionStream("gzip"));
  const bytes = new TextEncoder().encode("hello ".repeat(100));
  const writing = [writer.write(new Uint8Array(0)), writer.write(bytes), writer.write(bytes.buffer)];
  writing.push(writer.close());
  await writing[0];
  bytes.fill(0);
  // The third chunk was still to be taken.
  const packed = await all(readable);
  await Promise.all(writing);
  assert.is(gunzipSync(packed).toString(), "hello ".repeat(100) + "\0".repeat(600));
  assert.equal(ops, [Op.codec]);
});

test("the constructors take the formats of the standard only", () => {
  for (const Class of [CompressionStream, DecompressionStream]) {
    for (const format of ["a", "", "GZIP", "brotli", undefined, Symbol.iterator])
      assert.throws(
        () => new Class(format as never),
        (error: unknown) => error instanceof TypeError,
      );
    assert.throws(() => new (Class as new () => unknown)(), /1 argument required/);
    assert.throws(
      () => Reflect.get(Class.prototype, "readable", {}),
      (error: unknown) => error instanceof TypeError,
    );
  }
});

test("a chunk that is no bytes fails both ends", async () => {
  withCell();
  for (const chunk of [undefined, null, 3.14, "text", {}, [65]]) {
    const { readable, writer } = ends(new CompressionStream("deflate"));
    assert.instance(await failure(writer.write(chunk)), TypeError);
    assert.instance(await failure(all(readable)), TypeError);
  }
});

test("much is unpacked only as it is read, and an abort ends a write that waits for room", async () => {
  const ops = withCell();
  const { readable, writer } = ends(new DecompressionStream("gzip"));
  const write = failure(writer.write(gzipSync(new Uint8Array(10_000_000))));
  const reader = readable.getReader();
  assert.is((await reader.read()).value?.length, 65_536);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(ops.length <= 4, `${ops.length}`);
  const reason = new Error("enough");
  const aborted = writer.abort(reason);
  assert.is(await write, reason);
  await aborted;
  assert.is(await failure(reader.read()), reason);
  assert.is(ops.at(-1), Op.codecClose);
});

test("a reader that cancels gives the codec up and fails the writer", async () => {
  const ops = withCell();
  const { readable, writer } = ends(new CompressionStream("gzip"));
  await writer.write(new Uint8Array(20_000));
  const reason = new Error("enough");
  await readable.cancel(reason);
  assert.is(await failure(writer.closed), reason);
  assert.equal(ops, [Op.codec, Op.codecClose]);
});

test.run();
