import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind } from "../../../runtime-api/contract/flat.ts";
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

test.run();
