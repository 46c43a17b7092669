import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { KvRooms } from "../../../src/bindings/kv/kv-rooms.ts";
import { readCostUs } from "../../../src/bindings/kv/kv-value.ts";
import type { KvStore } from "../../../src/storage/kv-store.ts";
import { MemoryKv } from "../../../src/storage/memory-kv.ts";
import { openDataFolder } from "../../../src/storage/data-folder.ts";
import { Unavailable } from "../../../src/storage/unavailable.ts";
import { tempFolder } from "../../storage/temp-folder.ts";
import { chunked, fails, KvRig } from "./kv-rig.ts";

const MIB = 1024 ** 2;

function failing(outcome: "no" | "unknown"): KvStore {
  const fail = (): Promise<never> => Promise.reject(new Unavailable(outcome, "disk is full at /secret/path"));
  return { assign() {}, get: fail, read: fail, put: fail, delete: fail, list: fail, drop: fail };
}

test("KV get answers text as text, other bytes as bytes, and nothing as not found", async () => {
  const kv = new KvRig();
  await kv.put("text", "grüße \u{1f600} \ufeff");
  await kv.put("bom", "\ufeffx");
  await kv.put("bytes", Uint8Array.of(0xff, 0xfe, 0));
  await kv.put("empty", null);
  assert.equal(await kv.get("text"), {
    found: true,
    kind: BodyKind.text,
    value: "grüße \u{1f600} \ufeff",
    metadata: null,
  });
  assert.is((await kv.get("bom")).value, "\ufeffx");
  assert.equal(await kv.get("bytes"), {
    found: true,
    kind: BodyKind.bytes,
    value: Uint8Array.of(0xff, 0xfe, 0),
    metadata: null,
  });
  assert.is((await kv.get("empty")).value, "");
  assert.equal(await kv.call("get", "none", null), [false, 0, null, null]);
});

test("KV get sends a large value as a stream that reads only what is asked for", async () => {
  const kv = new KvRig();
  await kv.put("edge", new Uint8Array(65_536).fill(0xff));
  await kv.put("over", new Uint8Array(65_537).fill(0xff), { metadata: '{"a":1}' });
  assert.is((await kv.get("edge")).kind, BodyKind.bytes);
  const { kind, value, metadata } = await kv.get("over");
  assert.is(kind, BodyKind.stream);
  assert.is(metadata, '{"a":1}');
  const body = await kv.streamed(value);
  assert.is(body.length, 65_537);
  assert.ok(body.every((byte) => byte === 0xff));
});

test("KV put takes a stream of 25 MiB, on a real store, and gives it back", async () => {
  using folder = tempFolder();
  await using data = openDataFolder(folder.path);
  const kv = new KvRig({ store: data.kv });
  await kv.put("big", chunked(400, 65_536).stream);
  const body = await kv.streamed((await kv.get("big")).value);
  assert.is(body.length, 25 * MIB);
  assert.is(body[65_536 * 399], 399 & 0xff);
});

test("KV put refuses a value over 25 MiB, of every kind, and cancels its stream", async () => {
  const kv = new KvRig();
  const text = (size: number): string => `Value length of ${size} exceeds limit of 26214400.`;
  await fails(kv.put("k", new Uint8Array(25 * MIB + 1)), "Error", `KV PUT failed: 413 ${text(25 * MIB + 1)}`);
  await fails(kv.put("k", "é".repeat(12.5 * MIB + 1)), "Error", `KV PUT failed: 413 ${text(25 * MIB + 2)}`);
  const source = chunked(10_000, MIB);
  await fails(kv.put("k", source.stream), "Error", `KV PUT failed: 413 ${text(26 * MIB)}`);
  assert.is(source.pulled, 26);
  assert.ok(source.canceled);
  assert.is((await kv.get("k")).found, false);
});

test("KV put stores nothing when the stream fails, or the event ends, in the middle", async () => {
  const kv = new KvRig();
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(10)),
    pull: () => Promise.reject(new Error("the client went away")),
  });
  await fails(kv.put("k", broken), "Error", "the client went away");
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(10)),
  });
  const put = kv.put("k", endless).catch((error: unknown) => error);
  await nextTurn();
  kv.abort.abort(new Error("the event ended"));
  assert.match(String(await put), "the event ended");
  assert.is((await new KvRig({ store: kv.store }).get("k")).found, false);
});

test("KV put reads a few streams at a time, and cancels those that never got their turn", async () => {
  const kv = new KvRig();
  const sources = Array.from({ length: 12 }, () => ({ asked: false, canceled: false }));
  const puts = sources.map((source, i) => {
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: () => void (source.asked = true),
        cancel: () => void (source.canceled = true),
      },
      { highWaterMark: 0 },
    );
    return kv.put(`k${i}`, stream).catch((error: unknown) => error);
  });
  await nextTurn();
  assert.is(sources.filter(({ asked }) => asked).length, 4);
  kv.abort.abort(new Error("over"));
  await Promise.all(puts);
  assert.ok(sources.every(({ canceled }) => canceled));
});

test("KV put lets the next stream in when one is done", async () => {
  const kv = new KvRig();
  await Promise.all(Array.from({ length: 12 }, (_, i) => kv.put(`k${i}`, chunked(3, 10).stream)));
  assert.is((await kv.list()).keys.length, 12);
});

test("KV put cancels the stream of a call that is refused for another reason", async () => {
  const kv = new KvRig();
  const source = chunked(3, 10);
  await fails(kv.put("", source.stream), "TypeError", "Key name cannot be empty.");
  assert.ok(source.canceled);
  assert.is(source.pulled, 0);
});

test("KV keys follow the rules of Workers KV, in its words", async () => {
  const kv = new KvRig();
  const all = (key: string): [string, Promise<unknown>][] => [
    ["GET", kv.call("get", key, null)],
    ["PUT", kv.put(key, "v")],
    ["DELETE", kv.call("delete", key)],
  ];
  for (const [, call] of all("")) await fails(call, "TypeError", "Key name cannot be empty.");
  for (const [, call] of all(".")) await fails(call, "TypeError", '"." is not allowed as a key name.');
  for (const [, call] of all("..")) await fails(call, "TypeError", '".." is not allowed as a key name.');
  for (const [method, call] of all("é".repeat(257))) {
    await fails(
      call,
      "Error",
      `KV ${method} failed: 414 UTF-8 encoded length of 514 exceeds key length limit of 512.`,
    );
  }
  for (const key of [
    "...",
    "../../etc/passwd",
    "a\0b",
    "a\nb",
    "é".repeat(256),
    "\u{1f600}",
    "__proto__",
    "%2e",
  ]) {
    await kv.put(key, key);
    assert.is((await kv.get(key)).value, key);
    assert.ok((await kv.list()).keys.some(({ name }) => name === key));
    await kv.call("delete", key);
    assert.is((await kv.get(key)).found, false);
  }
});

test("KV keys and values take lone surrogates as USVString does", async () => {
  const kv = new KvRig();
  await kv.put("a\ud800", "v\udfff");
  assert.is((await kv.get("a\ufffd")).value, "v\ufffd");
  assert.is((await kv.get("a\udc00")).found, true);
  assert.equal((await kv.list("a\ud801")).keys, [{ name: "a\ufffd" }]);
});

test("KV put checks expirationTtl and expiration, in the words of Workers KV", async () => {
  const kv = new KvRig();
  const now = 1_700_000_000;
  const ttl = (value: number, text: string): Promise<void> =>
    fails(kv.put("k", "v", { ttl: value }), "Error", `KV PUT failed: 400 Invalid expiration_ttl of ${text}`);
  await ttl(0, "0. Please specify integer greater than 0.");
  await ttl(-1, "-1. Please specify integer greater than 0.");
  await ttl(Number.NaN, "0. Please specify integer greater than 0.");
  await ttl(59, "59. Expiration TTL must be at least 60.");
  await ttl(59.9, "59. Expiration TTL must be at least 60.");
  await fails(
    kv.put("k", "v", { ttl: 1e15 }),
    "TypeError",
    "Value out of range. Must be between -2147483648 and 2147483647 (inclusive).",
  );
  const at = (value: number, text: string): Promise<void> =>
    fails(
      kv.put("k", "v", { expiration: value }),
      "Error",
      `KV PUT failed: 400 Invalid expiration of ${text}`,
    );
  await at(
    now,
    `${now}. Please specify integer greater than the current number of seconds since the UNIX epoch.`,
  );
  await at(now + 59, `${now + 59}. Expiration times must be at least 60 seconds in the future.`);
  assert.is((await kv.get("k")).found, false);
  await kv.put("k", "v", { expiration: now + 60 });
  await kv.put("both", "v", { expiration: 1, ttl: 120 });
  await kv.put("far", "v", { expiration: 5_000_000_000 });
  assert.equal((await kv.list()).keys, [
    { name: "both", expiration: now + 120 },
    { name: "far", expiration: 5_000_000_000 },
    { name: "k", expiration: now + 60 },
  ]);
});

test("KV never shows a key whose time has come", async () => {
  const kv = new KvRig();
  await kv.put("k", "v", { ttl: 60 });
  kv.nowMs += 59_999;
  assert.is((await kv.get("k")).found, true);
  kv.nowMs += 1;
  assert.is((await kv.get("k")).found, false);
  assert.equal(await kv.call("getMany", null, "k"), [BodyKind.none, null, false, null, null]);
  assert.equal((await kv.list()).keys, []);
});

test("KV put counts the time to live from when the whole value is there", async () => {
  const kv = new KvRig();
  const slow = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        kv.nowMs += 100_000;
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  await kv.put("k", slow, { ttl: 60 });
  assert.is((await kv.get("k")).found, true);
});

test("KV put keeps metadata of up to 1024 bytes of JSON", async () => {
  const kv = new KvRig();
  const json = JSON.stringify("é".repeat(511));
  await kv.put("k", "v", { metadata: json });
  assert.is((await kv.get("k")).metadata, json);
  assert.equal((await kv.list()).keys, [{ name: "k", metadata: "é".repeat(511) }]);
  await fails(
    kv.put("k", "v", { metadata: JSON.stringify("x".repeat(1_023)) }),
    "Error",
    "KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024.",
  );
  await fails(
    kv.put("k", "v", { metadata: '"}],"list_complete":false,' }),
    "Error",
    "KV PUT failed: 400 Metadata must be valid JSON.",
  );
  await kv.put("k", "v");
  assert.is((await kv.get("k")).metadata, null);
});

test("KV get and getMany check cacheTtl", async () => {
  const kv = new KvRig();
  await fails(
    kv.call("get", "k", 29),
    "Error",
    "KV GET failed: 400 Invalid cache_ttl of 29. Cache TTL must be at least 30.",
  );
  await fails(
    kv.call("get", "k", 0),
    "Error",
    "KV GET failed: 400 Invalid cache_ttl of 0. Cache TTL must be at least 30.",
  );
  await fails(
    kv.call("getMany", 29, "k"),
    "Error",
    "KV GET_BULK failed: 400 Invalid cache_ttl of 29. Cache TTL must be at least 30.",
  );
  assert.is((await kv.call("get", "k", 30))[0], false);
});

test("KV getMany answers for every key in order, large ones and doubles too", async () => {
  const kv = new KvRig();
  await kv.put("a", "1", { metadata: "[1]" });
  assert.equal(await kv.call("getMany", null, "a", "none", "a"), [
    ...[BodyKind.none, null],
    ...[true, "1", "[1]"],
    ...[false, null, null],
    ...[true, "1", "[1]"],
  ]);
  await kv.put("big", "x".repeat(200_000));
  const [kind, id, ...entries] = await kv.call("getMany", null, "a", "none", "big", "a");
  assert.is(kind, BodyKind.stream);
  assert.equal(entries, [
    ...[true, 1, "[1]"],
    ...[false, null, null],
    ...[true, 200_000, null],
    ...[true, 1, "[1]"],
  ]);
  assert.is(String(await kv.streamed(id)), `1${"x".repeat(200_000)}1`);
});

test("KV reads of large values charge the event by what is read of them, and nothing before", async () => {
  const kv = new KvRig();
  await kv.put("big", new Uint8Array(MIB));
  const calls = [
    { op: "get", args: ["big", null], at: 2 },
    { op: "getMany", args: [null, "big", "big"], at: 1 },
  ];
  for (const { op, args, at } of calls) {
    kv.chargedUs = 0;
    const id = (await kv.call(op, ...args))[at];
    assert.is(kv.chargedUs, 0);
    const { length } = await kv.streamed(id);
    assert.is(kv.chargedUs, readCostUs(length));
    assert.ok(kv.chargedUs > 0);
  }
});

test("KV getMany waits for room, and gives it back when its values were read, dropped or could not be opened", async () => {
  const rooms = new KvRooms({
    readBytes: { all: 4 * 128 * 1024, perAccount: 2 * 64 * 1024 },
    patienceMs: 600_000,
  });
  const kv = new KvRig({ rooms });
  const value = "x".repeat(40_000);
  for (const key of ["a", "b"]) await kv.put(key, value);
  const ask = (): Promise<readonly Flat[]> => kv.call("getMany", null, "a", "b");
  const [, first] = await ask();
  let isIn = false;
  const second = ask().then((values) => {
    isIn = true;
    return values;
  });
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  assert.not(isIn);
  assert.is((await kv.streamed(first)).length, 80_000);
  const [, id] = await second;
  const third = ask();
  await kv.cancel(id);
  await kv.cancel((await third)[1]);
  const rig = new KvRig({ store: failing("no"), rooms });
  await fails(rig.call("getMany", null, "a", "b"), "Error", "KV GET_BULK failed: 503 Service Unavailable");
  const last = ask();
  const waiter = ask();
  await last;
  kv.abort.abort(new Error("the event is over"));
  assert.is(await waiter.catch((error: Error) => error.message), "the event is over");
});

test("KV getMany has the limits of Workers KV", async () => {
  const kv = new KvRig();
  const keys = Array.from({ length: 101 }, (_, i) => `k${i}`);
  await fails(
    kv.call("getMany", null, ...keys),
    "Error",
    "KV GET_BULK failed: 400 You can request a maximum of 100 keys",
  );
  await fails(
    kv.call("getMany", null),
    "Error",
    "KV GET_BULK failed: 400 You must request a minimum of 1 key",
  );
  await fails(
    kv.call("getMany", null, "a", ""),
    "Error",
    "KV GET_BULK failed: 400 Key names must not be empty",
  );
  await fails(
    kv.call("getMany", null, ".."),
    "Error",
    'KV GET_BULK failed: 400 Illegal key name "..". Please use a different name.',
  );
  assert.is((await kv.call("getMany", null, ...keys.slice(1))).length, 302);
  await kv.put("big", new Uint8Array(13 * MIB));
  assert.is((await kv.call("getMany", null, "big", "a"))[0], BodyKind.stream);
  await fails(
    kv.call("getMany", null, "big", "big"),
    "Error",
    "KV GET_BULK failed: 413 Total size of request exceeds the limit of 25MB",
  );
});

test("KV bindings of two namespaces on one store do not see each other's keys", async () => {
  const store = new MemoryKv();
  const [one, two] = [new KvRig({ store, ns: 1 }), new KvRig({ store, ns: 2 })];
  await one.put("k", "one");
  await two.put("k", "two");
  await two.call("delete", "k");
  assert.is((await one.get("k")).value, "one");
  assert.equal((await two.list()).keys, []);
  assert.equal(await two.call("getMany", null, "k"), [BodyKind.none, null, false, null, null]);
});

test("KV tells the worker of a store that fails in words that give nothing away", async () => {
  const no = new KvRig({ store: failing("no") });
  await fails(no.call("get", "k", null), "Error", "KV GET failed: 503 Service Unavailable");
  await fails(no.call("getMany", null, "k"), "Error", "KV GET_BULK failed: 503 Service Unavailable");
  await fails(no.put("k", "v"), "Error", "KV PUT failed: 503 Service Unavailable");
  await fails(no.call("delete", "k"), "Error", "KV DELETE failed: 503 Service Unavailable");
  await fails(no.call("list", null, null, null), "Error", "KV GET failed: 503 Service Unavailable");
  await fails(
    new KvRig({ store: failing("unknown") }).put("k", "v"),
    "Error",
    "KV PUT failed: 500 Internal Server Error",
  );
});

test("KV refuses calls that no honest runtime makes", async () => {
  const kv = new KvRig();
  await fails(kv.call("drop"), "TypeError", 'KV has no operation "drop"');
  await fails(kv.call("get", 1, null), "TypeError", "KV get: malformed call");
  await fails(kv.call("get"), "TypeError", "KV get: malformed call");
  await fails(kv.call("get", "k", "30"), "TypeError", "KV get: malformed call");
  await fails(kv.call("getMany", null, null), "TypeError", "KV getMany: malformed call");
  await fails(kv.call("list", 1, null, null), "TypeError", "KV list: malformed call");
  await fails(kv.put("k", "v", { metadata: 1 }), "TypeError", "KV put: malformed call");
  await fails(kv.put("k", "v", { ttl: "60" }), "TypeError", "KV put: malformed call");
});

test.run();
