import { test } from "uvu";
import * as assert from "uvu/assert";
import { CHUNK_BYTES, FIRST_CREDIT_BYTES } from "../../../runtime-api/contract/bounds.ts";
import { BodyKind } from "../../../runtime-api/contract/flat.ts";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, types, worker } from "./isolate-fixture.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(new TextEncoder().encode(text));

test("streams: what was made by a body is of the class that the global shows later", async () => {
  using isolate = await worker(`{ async fetch(request) {
    const { body } = request;
    return Response.json([body instanceof ReadableStream, body.constructor === ReadableStream,
      Object.prototype.toString.call(body), typeof structuredClone, await new Response(body).text()]);
  } }`);
  const out = await isolate.fetch("/", { method: "POST", body: [BodyKind.text, "hello"] });
  assert.equal(JSON.parse(only(out, "head")[4] as string), [
    true,
    true,
    "[object ReadableStream]",
    "function",
    "hello",
  ]);
});

test("streams: a body from a worker's own stream is known as one", async () => {
  using isolate = await worker(`{ fetch() {
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    writer.write(new Uint8Array([104, 105])).then(() => writer.close());
    return new Response(readable);
  } }`);
  const out = await isolate.fetch("/");
  assert.equal(types(out), ["head", "chunk", "close", "end"]);
  assert.equal(only(out, "chunk")[1], bytes("hi"));
});

test("streams: classes that are evaluated after a worker patched intrinsics hold V8's own", async () => {
  using isolate = await worker(`(() => {
    let calls = 0;
    for (const [holder, key] of [[Promise.prototype, "then"], [Promise, "resolve"], [Object, "defineProperty"]]) {
      const original = holder[key];
      holder[key] = function (...args) { calls++; return Reflect.apply(original, this, args); };
    }
    const patched = Promise.prototype.then;
    return { async fetch() {
      const source = { pull(controller) { controller.enqueue("a"); controller.close(); } };
      const reader = new ReadableStream(source).getReader();
      const chunks = [await reader.read(), await reader.read()];
      const seen = calls;
      return Response.json([seen, patched === Promise.prototype.then, chunks]);
    } };
  })()`);
  const out = await isolate.fetch("/");
  assert.equal(JSON.parse(only(out, "head")[4] as string), [
    0,
    true,
    [{ value: "a", done: false }, { done: true }],
  ]);
});

test("outbound: a worker that patches promises and readers sends its stream all the same, within its credit", async () => {
  using isolate = await worker(`(() => {
    let calls = 0;
    const note = () => { calls++; };
    Object.defineProperty(Object.prototype, "then", { configurable: true, get: note });
    Promise.prototype.then = ReadableStreamDefaultReader.prototype.read = note;
    Uint8Array.prototype.set = Uint8Array.prototype.slice = note;
    return { fetch(request) {
      if (request.url.endsWith("/calls")) return new Response(String(calls));
      let left = 7;
      const body = new ReadableStream({ pull(controller) {
        controller.enqueue(new Uint8Array(64 * 1024));
        if (--left === 0) controller.close();
      } });
      const response = new Response(body);
      calls = 0;
      return response;
    } };
  })()`);
  const first = await isolate.fetch("/");
  const sizes = (records: typeof first): number[] =>
    records.filter(({ type }) => type === "chunk").map(({ fields }) => (fields[1] as Uint8Array).byteLength);
  assert.equal(sizes(first), [CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES]);
  const second = await isolate.send(1, In.credit, 1, FIRST_CREDIT_BYTES);
  assert.equal(sizes(second), [CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES]);
  assert.equal(types(second).slice(-2), ["close", "end"]);
});

test("outbound: the event does not end before the code that closes its stream is done", async () => {
  using isolate = await worker(`{ fetch(request, env, ctx) {
    let controller;
    const body = new ReadableStream({ start(given) { controller = given; } });
    setTimeout(() => {
      controller.enqueue(new Uint8Array([104, 105]));
      controller.close();
      ctx.waitUntil(Promise.resolve().then(() => console.log("still here")));
    }, 1);
    return new Response(body);
  } }`);
  const first = await isolate.fetch("/");
  assert.equal(types(first), ["timerSet", "head"]);
  const out = await isolate.send(1, In.timer, only(first, "timerSet")[0] as number);
  assert.equal(types(out), ["chunk", "log", "close", "end"]);
});

test.run();
