import { test } from "uvu";
import * as assert from "uvu/assert";
import { CHUNK_BYTES, FIRST_CREDIT_BYTES } from "../../../runtime-api/contract/bounds.ts";
import { BodyKind } from "../../../runtime-api/contract/flat.ts";
import { In } from "../../../runtime-api/contract/in.ts";
import { type Emitted, only, types, worker } from "./isolate-fixture.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(new TextEncoder().encode(text));

function sent(records: readonly Emitted[]): number {
  return records
    .filter(({ type }) => type === "chunk")
    .reduce((sum, { fields }) => sum + (fields[1] as Uint8Array).byteLength, 0);
}

test("inbound: nothing is asked for until the worker reads, then by windows", async () => {
  using isolate = await worker(`{ async fetch(request) {
    if (request.url.endsWith("/ignore")) return new Response("ignored");
    return new Response(await request.text());
  } }`);
  assert.equal(types(await isolate.fetch("/ignore", { method: "POST", body: [BodyKind.stream, 2] })), [
    "head",
    "end",
  ]);
  const first = await isolate.fetch("/read", { method: "POST", body: [BodyKind.stream, 2] });
  assert.equal(types(first), ["credit"]);
  assert.equal(only(first, "credit"), [2, 256 * 1024]);
  assert.equal(types(await isolate.send(2, In.chunk, 2, bytes("ab"))), []);
  const more = await isolate.send(2, In.chunk, 2, new Uint8Array(200 * 1024).fill(99));
  assert.equal(only(more, "credit"), [2, 200 * 1024 + 2]);
  const last = await isolate.send(2, In.chunk, 2, bytes("yz"), In.close, 2);
  assert.equal(types(last), ["head", "chunk", "chunk", "chunk", "chunk", "close", "end"]);
  const whole = Buffer.concat(
    last.filter(({ type }) => type === "chunk").map(({ fields }) => fields[1] as Uint8Array),
  ).toString();
  assert.is(whole.length, 200 * 1024 + 4);
  assert.ok(whole.startsWith("abccc") && whole.endsWith("ccyz"));
});

test("inbound: a broken stream rejects the reader", async () => {
  using isolate = await worker(
    `{ async fetch(request) { try { await request.text(); } catch (error) { return new Response(error.message); } } }`,
  );
  await isolate.fetch("/", { method: "POST", body: [BodyKind.stream, 2] });
  const out = await isolate.send(1, In.chunk, 2, bytes("a"), In.fail, 2, "connection lost");
  assert.is(only(out, "head")[4], "connection lost");
});

test("inbound: an end that comes before the first read is kept", async () => {
  using isolate = await worker(
    `{ async fetch(request) { await fetch("https://a.example/"); return new Response("[" + await request.text() + "]"); } }`,
  );
  await isolate.fetch("/", { method: "POST", body: [BodyKind.stream, 2] });
  const out = await isolate.send(1, In.close, 2, In.reply, 1, true, 7, 200, "", "", 0, null, "", false);
  assert.is(only(out, "head")[4], "[]");
});

test("inbound: cancel by the worker is told, later chunks are dropped", async () => {
  using isolate = await worker(`{ async fetch(request) {
    const reader = request.body.getReader();
    const { value } = await reader.read();
    await reader.cancel(new Error("enough"));
    return new Response(String(value.length));
  } }`);
  await isolate.fetch("/", { method: "POST", body: [BodyKind.stream, 2] });
  const out = await isolate.send(1, In.chunk, 2, bytes("abc"), In.chunk, 2, bytes("d"), In.close, 2);
  assert.equal(types(out).slice(-2), ["head", "end"]);
  assert.is(only(out, "head")[4], "3");
});

test("inbound: a reader may bring its own buffer", async () => {
  using isolate = await worker(`{ async fetch(request) {
    const reader = request.body.getReader({ mode: "byob" });
    const sizes = [];
    for (;;) { const { done, value } = await reader.read(new Uint8Array(4)); sizes.push(value.length); if (done) break; }
    return Response.json(sizes);
  } }`);
  await isolate.fetch("/", { method: "POST", body: [BodyKind.stream, 2] });
  const out = await isolate.send(1, In.chunk, 2, bytes("abcdef"), In.close, 2);
  assert.is(only(out, "head")[4], "[4,2,0]");
});

test("outbound: a stream is sent in chunks within credit, and ends the event", async () => {
  using isolate = await worker(`{ fetch() {
    let left = 5;
    return new Response(new ReadableStream({ pull(controller) {
      console.log("pull");
      if (left-- === 0) return controller.close();
      controller.enqueue(new Uint8Array(100 * 1024).fill(left));
    } }, { highWaterMark: 0 }));
  } }`);
  const first = await isolate.fetch();
  assert.equal(only(first, "head").slice(3, 5), [BodyKind.stream, 1]);
  const chunks = first.filter(({ type }) => type === "chunk");
  assert.ok(chunks.every(({ fields }) => (fields[1] as Uint8Array).byteLength <= CHUNK_BYTES));
  assert.ok(sent(first) >= FIRST_CREDIT_BYTES && sent(first) <= FIRST_CREDIT_BYTES + CHUNK_BYTES);
  assert.is(first.filter(({ type }) => type === "log").length, 3);
  const second = await isolate.send(1, In.credit, 1, 100 * 1024);
  assert.ok(!types(second).includes("close"));
  const third = await isolate.send(1, In.credit, 1, 1024 * 1024);
  assert.equal(types(third).slice(-2), ["close", "end"]);
  assert.is(sent(first) + sent(second) + sent(third), 500 * 1024);
});

test("outbound: a large text goes as a stream under credit", async () => {
  using isolate = await worker(`{ fetch: () => new Response("é".repeat(300 * 1024)) }`);
  const first = await isolate.fetch();
  assert.is(only(first, "head")[3], BodyKind.stream);
  assert.ok(sent(first) < 400 * 1024);
  const second = await isolate.send(1, In.credit, 1, 1024 * 1024);
  assert.equal(types(second).slice(-2), ["close", "end"]);
  assert.is(sent(first) + sent(second), 600 * 1024);
});

test("outbound: middling bodies travel whole", async () => {
  using isolate = await worker(
    `{ fetch: (request) => new Response(request.url.endsWith("/text") ? "x".repeat(40000) : new Uint8Array(65536)) }`,
  );
  for (const [path, size] of [
    ["/text", 40_000],
    ["/bytes", 65_536],
  ] as const) {
    const out = await isolate.fetch(path);
    assert.equal(types(out), ["head", "end"]);
    assert.is(only(out, "head")[3], BodyKind.bytes);
    assert.is((only(out, "head")[4] as Uint8Array).byteLength, size);
  }
});

test("outbound: the host's cancel reaches the source, and the event ends", async () => {
  using isolate = await worker(`{ fetch() {
    return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65536)), cancel: (reason) => console.log("cancelled", reason.message) }));
  } }`);
  const first = await isolate.fetch();
  assert.is(sent(first), FIRST_CREDIT_BYTES);
  const out = await isolate.send(1, In.cancel, 1, "client left");
  assert.is(only(out, "log")[1], "cancelled client left");
  assert.equal(types(out).at(-1), "end");
});

test("outbound: a source that breaks fails the stream and is an exception", async () => {
  using isolate = await worker(`{ fetch: (request) => new Response(new ReadableStream({ pull(controller) {
    if (request.url.endsWith("/throw")) throw new Error("source broke");
    controller.enqueue(request.url.endsWith("/text") ? "té" : 5);
    if (request.url.endsWith("/text")) controller.close();
  } })) }`);
  const out = await isolate.fetch("/throw");
  assert.equal(types(out), ["head", "exception", "fail", "end"]);
  assert.equal(only(out, "fail"), [1, "source broke"]);
  assert.equal(only(out, "end"), [false]);
  assert.match(String(only(await isolate.fetch("/number"), "fail")[1]), "bytes");
  // As on Workers.
  assert.equal(only(await isolate.fetch("/text"), "chunk")[1], new TextEncoder().encode("té"));
});

test("outbound: a stream that waits for nothing is hung", async () => {
  using isolate = await worker(`{ fetch: () => new Response(new ReadableStream({})) }`);
  const out = await isolate.fetch();
  assert.equal(types(out), ["head", "exception", "fail", "end"]);
  assert.match(String(only(out, "exception")[1]), "had hung");
});

test("ref: an untouched body is passed on by its id", async () => {
  using isolate = await worker(`{ async fetch(request) {
    if (request.url.endsWith("/up")) return fetch("https://a.example/", { method: "POST", body: request.body });
    return fetch("https://a.example/");
  } }`);
  const up = await isolate.fetch("/up", { method: "POST", body: [BodyKind.stream, 2] });
  assert.equal(only(up, "call").slice(7, 9), [BodyKind.ref, 2]);
  await isolate.fetch("/down");
  const down = await isolate.send(
    2,
    In.reply,
    1,
    true,
    7,
    200,
    "OK",
    "x\ny",
    BodyKind.stream,
    2,
    "https://a.example/",
    false,
  );
  assert.equal(types(down), ["head", "end"]);
  assert.equal(only(down, "head"), [200, "OK", "x\ny", BodyKind.ref, 2, false]);
});

test("both ways: a transform of the request's body streams through", async () => {
  using isolate = await worker(`{ fetch(request) {
    return new Response(request.body.pipeThrough(new TransformStream({ transform(chunk, controller) { controller.enqueue(chunk.map((byte) => byte - 32)); } })));
  } }`);
  const first = await isolate.fetch("/", { method: "POST", body: [BodyKind.stream, 2] });
  assert.equal(types(first).sort(), ["credit", "head"]);
  const second = await isolate.send(1, In.chunk, 2, bytes("abc"));
  assert.equal(types(second), ["chunk"]);
  assert.is(Buffer.from(only(second, "chunk")[1] as Uint8Array).toString(), "ABC");
  const third = await isolate.send(1, In.chunk, 2, bytes("d"), In.close, 2);
  assert.equal(types(third), ["chunk", "close", "end"]);
});

test("abort: a streaming response stops, its source is cancelled after the signal aborted", async () => {
  using isolate = await worker(`{ fetch(request) {
    request.signal.addEventListener("abort", () => console.log("signal"));
    return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65536)), cancel: () => console.log("source") }));
  } }`);
  await isolate.fetch();
  const out = await isolate.send(1, In.abort, "client left");
  assert.equal(
    out.filter(({ type }) => type === "log").map(({ fields }) => fields[1]),
    ["signal", "source"],
  );
  assert.equal(types(out), ["log", "log", "end"]);
});

test("upload: a stream given to fetch is sent after the call that names it", async () => {
  using isolate = await worker(`{ async fetch() {
    const body = new ReadableStream({ start(controller) { controller.enqueue(new Uint8Array([1, 2, 3])); controller.close(); } });
    const response = await fetch("https://a.example/", { method: "POST", body, duplex: "half" });
    return new Response(null, { status: response.status });
  } }`);
  const out = await isolate.fetch();
  assert.equal(types(out), ["call", "chunk", "close"]);
  assert.equal([...(only(out, "chunk")[1] as Uint8Array)], [1, 2, 3]);
  const end = await isolate.send(1, In.reply, 1, true, 7, 204, "", "", 0, null, "", false);
  assert.equal(types(end), ["head", "end"]);
});

test.run();
