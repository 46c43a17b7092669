import { test } from "uvu";
import * as assert from "uvu/assert";
import { only, worker } from "../worker/isolate-fixture.ts";

test("structuredClone: hands over a readable stream; its chunks are copies, its failure and cancel go through", async () => {
  using isolate = await worker(`{ async fetch() {
    const chunk = { a: [1] };
    let cancelled;
    const source = new ReadableStream({ start(c) { c.enqueue(chunk); c.enqueue("b"); }, cancel(reason) { cancelled = reason; } });
    const moved = structuredClone({ source }, { transfer: [source] }).source;
    const reader = moved.getReader();
    const first = (await reader.read()).value;
    await reader.cancel("enough");
    const failing = new ReadableStream({ start(c) { c.error(new RangeError("broken")); } });
    const failed = await structuredClone(failing, { transfer: [failing] }).getReader().read().catch((error) => error.message);
    const uncloneable = new ReadableStream({ start(c) { c.enqueue(() => {}); } });
    const refused = await structuredClone(uncloneable, { transfer: [uncloneable] }).getReader().read().catch((error) => error.name);
    return Response.json([source.locked, first, first !== chunk, cancelled, failed, refused]);
  } }`);
  assert.is(
    only(await isolate.fetch(), "head")[4],
    '[true,{"a":[1]},true,"enough","broken","DataCloneError"]',
  );
});

test("structuredClone: hands over writable and transform streams", async () => {
  using isolate = await worker(`{ async fetch() {
    const written = [];
    const sink = new WritableStream({ write: (chunk) => void written.push(chunk), close: () => void written.push("closed") });
    const writer = structuredClone(sink, { transfer: [sink] }).getWriter();
    await writer.write({ a: 1 }); await writer.close();
    const upper = new TransformStream({ transform: (chunk, c) => c.enqueue(chunk.toUpperCase()), flush: (c) => c.enqueue("END") });
    const both = structuredClone(upper, { transfer: [upper] });
    const input = both.writable.getWriter();
    void input.write("a"); void input.write("b"); void input.close();
    const got = [];
    for await (const chunk of both.readable) got.push(chunk);
    return Response.json([written, got, both instanceof TransformStream, upper.readable.locked]);
  } }`);
  assert.is(only(await isolate.fetch(), "head")[4], '[[{"a":1},"closed"],["A","B","END"],true,true]');
});

test("structuredClone: a locked stream, or one that is only copied, is refused and stays as it was", async () => {
  using isolate = await worker(`{ fetch() {
    const names = [];
    const locked = new ReadableStream(); locked.getReader();
    const buffer = new ArrayBuffer(3);
    for (const run of [
      () => structuredClone(locked, { transfer: [locked, buffer] }),
      () => structuredClone(new WritableStream()),
      () => { const s = new ReadableStream(); structuredClone([s, () => {}], { transfer: [s] }); },
    ]) try { run(); names.push("none"); } catch (error) { names.push(error.name); }
    return Response.json([names, buffer.byteLength]);
  } }`);
  const clone = "DataCloneError";
  assert.equal(JSON.parse(String(only(await isolate.fetch(), "head")[4])), [[clone, clone, clone], 3]);
});

test.run();
