import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { In } from "../../../runtime-api/contract/in.ts";
import { type Emitted, only, type TestIsolate, types, worker } from "../worker/isolate-fixture.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(new TextEncoder().encode(text));

/** A worker whose handler answers with the JSON of what `code` gives. */
function kvWorker(code: string): Promise<TestIsolate> {
  return worker(
    `{ async fetch(request, { KV }) { try { return Response.json(await (${code})(KV, request)); } catch (error) { return Response.json({ error: error.name + ": " + error.message }); } } }`,
    {
      env: [{ name: "KV", type: "kv", slot: 3 }],
    },
  );
}

function answer(records: readonly Emitted[]): unknown {
  return JSON.parse(String(only(records, "head")[4]));
}

/** Runs `code` with one call, answered by `values`; gives the call and the result. */
async function one(code: string, values: Flat[]): Promise<{ call: readonly Flat[]; result: unknown }> {
  using isolate = await kvWorker(code);
  const call = only(await isolate.fetch(), "call");
  return {
    call: call.slice(1),
    result: answer(await isolate.send(1, In.reply, call[0] as number, true, values.length, ...values)),
  };
}

const TEXT = [BodyKind.text, '{"a":1}'] as const;

test("KV get: text by default, other types on request, null if absent", async () => {
  const text = await one("(kv) => kv.get('k')", [true, ...TEXT, null]);
  assert.equal(text.call, [3, "get", 2, "k", null]);
  assert.is(text.result, '{"a":1}');
  assert.equal((await one("(kv) => kv.get('k', 'json')", [true, ...TEXT, null])).result, { a: 1 });
  assert.equal(
    (
      await one("(kv) => kv.get('k', { type: 'json', cacheTtl: 60 })", [
        true,
        BodyKind.bytes,
        bytes("[2]"),
        null,
      ])
    ).result,
    [2],
  );
  assert.equal(
    (
      await one("async (kv) => (await kv.get('k', 'arrayBuffer')).byteLength", [
        true,
        BodyKind.bytes,
        bytes("abc"),
        null,
      ])
    ).result,
    3,
  );
  assert.equal(
    (
      await one("async (kv) => new Response(await kv.get('k', 'stream')).text()", [
        true,
        BodyKind.text,
        "s",
        null,
      ])
    ).result,
    "s",
  );
  assert.is((await one("(kv) => kv.get('k')", [false, BodyKind.none, null, null])).result, null);
  assert.equal((await one("(kv) => kv.get('k', { cacheTtl: 60 })", [true, ...TEXT, null])).call, [
    3,
    "get",
    2,
    "k",
    60,
  ]);
});

test("KV get: a streamed value is read whole, or passed on untouched", async () => {
  using isolate = await worker(
    `{ async fetch(request, { KV }) {
    return request.url.endsWith("/pass") ? new Response(await KV.get("k", "stream")) : new Response(await KV.get("k"));
  } }`,
    { env: [{ name: "KV", type: "kv", slot: 1 }] },
  );
  await isolate.fetch("/read");
  assert.equal(types(await isolate.send(1, In.reply, 1, true, 4, true, BodyKind.stream, 2, null)), [
    "credit",
  ]);
  assert.is(only(await isolate.send(1, In.chunk, 2, bytes("big"), In.close, 2), "head")[4], "big");
  await isolate.fetch("/pass");
  const passed = await isolate.send(2, In.reply, 1, true, 4, true, BodyKind.stream, 2, null);
  assert.equal(only(passed, "head").slice(3, 5), [BodyKind.ref, 2]);
});

test("KV getWithMetadata: gives value and metadata, null where there is none", async () => {
  assert.equal((await one("(kv) => kv.getWithMetadata('k')", [true, BodyKind.text, "v", '{"m":1}'])).result, {
    value: "v",
    metadata: { m: 1 },
    cacheStatus: null,
  });
  assert.equal((await one("(kv) => kv.getWithMetadata('k')", [false, BodyKind.none, null, null])).result, {
    value: null,
    metadata: null,
    cacheStatus: null,
  });
});

test("KV get: several keys give a Map", async () => {
  const many = await one("async (kv) => [...await kv.get(['a', 'b'], 'json')]", [
    ...[BodyKind.none, null],
    ...[true, "[1]", null],
    ...[false, null, null],
  ]);
  assert.equal(many.call, [3, "getMany", 3, null, "a", "b"]);
  assert.equal(many.result, [
    ["a", [1]],
    ["b", null],
  ]);
  const meta = await one("async (kv) => [...await kv.getWithMetadata(['a', 'b'])]", [
    ...[BodyKind.none, null],
    ...[true, "x", '{"m":1}'],
    ...[false, null, null],
  ]);
  assert.equal(meta.result, [
    ["a", { value: "x", metadata: { m: 1 } }],
    ["b", null],
  ]);
});

test("KV put: text, bytes and options travel as the contract says", async () => {
  const text = await one(
    "async (kv) => { await kv.put('k', 'v', { expirationTtl: 60, metadata: { a: 1 } }); return 1; }",
    [],
  );
  assert.equal(text.call, [3, "put", 6, "k", BodyKind.text, "v", null, 60, '{"a":1}']);
  const view = await one(
    "async (kv) => { await kv.put('k', new Uint8Array([9, 1, 2, 9]).subarray(1, 3), { expiration: 1700000000 }); return 1; }",
    [],
  );
  assert.equal([...(view.call[5] as Uint8Array)], [1, 2]);
  assert.equal(view.call.slice(6), [1_700_000_000, null, null]);
  const buffer = await one("async (kv) => { await kv.put('k', new ArrayBuffer(2)); return 1; }", []);
  assert.is((buffer.call[5] as Uint8Array).byteLength, 2);
});

test("KV get: the values of several keys come in one stream where they are large", async () => {
  using isolate = await kvWorker("async (kv) => [...await kv.getWithMetadata(['a', 'none', 'b', 'empty'])]");
  await isolate.fetch();
  const entries = [...[true, 3, '{"m":1}'], ...[false, null, null], ...[true, 4, null], ...[true, 0, null]];
  await isolate.send(1, In.reply, 1, true, 14, BodyKind.stream, 2, ...entries);
  await isolate.send(1, In.chunk, 2, new Uint8Array([0x61, 0xc3]));
  await isolate.send(1, In.chunk, 2, new Uint8Array([0xa9, 0xef, 0xbb, 0xbf, 0xff]));
  assert.equal(answer(await isolate.send(1, In.close, 2)), [
    ["a", { value: "aé", metadata: { m: 1 } }],
    ["none", null],
    ["b", { value: "\ufeff\ufffd", metadata: null }],
    ["empty", { value: "", metadata: null }],
  ]);
});

test("KV put: large values and streams are sent as streams, untouched bodies by reference", async () => {
  using isolate = await kvWorker(`async (kv, request) => {
    await kv.put("big", "x".repeat(200000));
    await kv.put("stream", new Response("s").body.pipeThrough(new TransformStream()));
    await kv.put("body", request.body);
    return 1;
  }`);
  const first = await isolate.fetch("/", { method: "POST", body: [BodyKind.stream, 2] });
  assert.equal(only(first, "call").slice(5, 7), [BodyKind.stream, 1]);
  assert.equal(types(first), ["call", "chunk", "chunk", "chunk", "chunk", "close"]);
  const second = await isolate.send(1, In.reply, 1, true, 0);
  assert.equal(types(second), ["call", "chunk", "close"]);
  const third = await isolate.send(1, In.reply, 2, true, 0);
  assert.equal(only(third, "call").slice(5, 7), [BodyKind.ref, 2]);
  assert.is(answer(await isolate.send(1, In.reply, 3, true, 0)), 1);
});

test("KV delete and list: travel as the contract says", async () => {
  assert.equal((await one("async (kv) => { await kv.delete('k'); return 1; }", [])).call, [
    3,
    "delete",
    1,
    "k",
  ]);
  const page = '{"keys":[{"name":"a","expiration":5,"metadata":{"m":1}}],"list_complete":false,"cursor":"c"}';
  const list = await one("(kv) => kv.list({ prefix: 'a', limit: 1 })", [BodyKind.text, page]);
  assert.equal(list.call, [3, "list", 3, "a", 1, null]);
  assert.equal(list.result, { ...JSON.parse(page), cacheStatus: null });
  assert.equal((await one("(kv) => kv.list()", [BodyKind.text, page])).call, [
    3,
    "list",
    3,
    null,
    null,
    null,
  ]);
});

for (const [code, error] of [
  ["kv.get('')", "TypeError: Key name cannot be empty."],
  ["kv.put('.', 'v')", 'TypeError: "." is not allowed as a key name.'],
  ["kv.delete('..')", 'TypeError: ".." is not allowed as a key name.'],
  [
    "kv.get('k', 'blob')",
    'TypeError: Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".',
  ],
  [
    "kv.put('k', {})",
    "TypeError: KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.",
  ],
  ["kv.get([])", "Error: KV GET_BULK failed: 400 You must request a minimum of 1 key"],
  ["kv.get(Array(101).fill('a'))", "Error: KV GET_BULK failed: 400 You can request a maximum of 100 keys"],
  [
    "kv.get(['a'], 'stream')",
    'Error: KV GET_BULK failed: 400 "stream" is not a valid type. Use "json" or "text"',
  ],
  ["new kv.constructor()", "TypeError: Illegal constructor"],
] as const) {
  test(`KV: ${code} is refused without a call`, async () => {
    using isolate = await kvWorker(`(kv) => ${code}`);
    const out = await isolate.fetch();
    assert.equal(types(out), ["head", "end"]);
    assert.equal(answer(out), { error });
  });
}

test("KV: an error of the host rejects with its text", async () => {
  using isolate = await kvWorker("(kv) => kv.put('k', 'v', { expirationTtl: 1 })");
  await isolate.fetch();
  const out = await isolate.send(
    1,
    In.reply,
    1,
    false,
    2,
    "Error",
    "KV PUT failed: 400 Invalid expiration_ttl of 1. Expiration TTL must be at least 60.",
  );
  assert.equal(answer(out), {
    error: "Error: KV PUT failed: 400 Invalid expiration_ttl of 1. Expiration TTL must be at least 60.",
  });
});

test.run();
