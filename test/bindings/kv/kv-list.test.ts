import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind } from "../../../runtime-api/contract/flat.ts";
import { KvRooms } from "../../../src/bindings/kv/kv-rooms.ts";
import { readCostUs } from "../../../src/bindings/kv/kv-value.ts";
import { MemoryKv } from "../../../src/storage/memory-kv.ts";
import { fails, KvRig } from "./kv-rig.ts";

const BAD_CURSOR = "KV GET failed: 400 Invalid cursor";

async function fill(
  kv: KvRig,
  count: number,
  name: (i: number) => string = (i) => `k${String(i).padStart(4, "0")}`,
): Promise<void> {
  for (let i = 0; i < count; i++) await kv.put(name(i), "v");
}

test("KV list gives pages that end, with a cursor between them", async () => {
  const kv = new KvRig();
  await fill(kv, 25);
  const names: string[] = [];
  let cursor: string | null = null;
  const sizes: number[] = [];
  do {
    const page = await kv.list("k", 10, cursor);
    sizes.push(page.keys.length);
    names.push(...page.keys.map(({ name }) => name));
    assert.is(page.list_complete, page.cursor === undefined);
    cursor = page.cursor ?? null;
  } while (cursor !== null);
  assert.equal(sizes, [10, 10, 5]);
  assert.equal(
    names,
    Array.from({ length: 25 }, (_, i) => `k${String(i).padStart(4, "0")}`),
  );
});

test("KV list goes on after the last key of the page, though it and others were deleted meanwhile", async () => {
  const kv = new KvRig();
  await fill(kv, 6);
  const { cursor } = await kv.list(null, 3);
  for (const key of ["k0000", "k0002", "k0003"]) await kv.call("delete", key);
  await kv.put("k0001a", "before");
  await kv.put("k0004a", "after");
  const page = await kv.list(null, 10, cursor);
  assert.equal(
    page.keys.map(({ name }) => name),
    ["k0004", "k0004a", "k0005"],
  );
  assert.is(page.list_complete, true);
});

test("KV list takes limits from 1 to 1000, and its default for what is not above 0", async () => {
  const kv = new KvRig();
  await fill(kv, 1_005);
  assert.is((await kv.list(null, 1)).keys.length, 1);
  for (const limit of [null, 0, -5, Number.NaN, 1_000, 1_000.9])
    assert.is((await kv.list(null, limit)).keys.length, 1_000);
  await fails(
    kv.list(null, 1_001),
    "Error",
    "KV GET failed: 400 Invalid key_count_limit of 1001. Please specify an integer less than 1000.",
  );
});

test("KV list finds by prefix, up to the edges of Unicode", async () => {
  const kv = new KvRig();
  for (const key of ["a", "é", "é\u{10ffff}", "é\uffff", "ê", "\u{10ffff}", "\u{10ffff}z"])
    await kv.put(key, "v");
  const names = async (prefix: string): Promise<string[]> =>
    (await kv.list(prefix)).keys.map(({ name }) => name);
  assert.equal(await names("é"), ["é", "é\uffff", "é\u{10ffff}"]);
  assert.equal(await names("\u{10ffff}"), ["\u{10ffff}", "\u{10ffff}z"]);
  assert.is((await names("")).length, 7);
  assert.equal(await names("none"), []);
  await fails(
    kv.list("x".repeat(513)),
    "Error",
    "KV GET failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512.",
  );
});

test("KV list refuses cursors that are forged, damaged, or of another list", async () => {
  const store = new MemoryKv();
  const kv = new KvRig({ store });
  const other = new KvRig({ store, ns: 2 });
  await fill(kv, 5);
  await fill(other, 5);
  const { cursor = "" } = await kv.list("k", 2);
  assert.is((await kv.list("k", 2, cursor)).keys.length, 2);
  await fails(other.list("k", 2, cursor), "Error", BAD_CURSOR);
  await fails(kv.list("k0", 2, cursor), "Error", BAD_CURSOR);
  await fails(kv.list(null, 2, cursor), "Error", BAD_CURSOR);
  const damaged = cursor.slice(0, -1) + (cursor.endsWith("A") ? "B" : "A");
  for (const bad of [
    "x",
    "k0001",
    `${cursor}=`,
    `${cursor}\0`,
    ` ${cursor}`,
    cursor.slice(1),
    damaged,
    cursor.repeat(2),
    "A".repeat(1e6),
    "{}",
    "../1",
    "💥",
  ]) {
    await fails(kv.list("k", 2, bad), "Error", BAD_CURSOR);
  }
});

test("KV list takes an empty cursor for none, and goes on after the longest key", async () => {
  const kv = new KvRig();
  for (const key of ["x".repeat(512), "y"]) await kv.put(key, "v");
  assert.is((await kv.list(null, null, "")).keys.length, 2);
  const { cursor = "" } = await kv.list("", 1);
  assert.equal((await kv.list("", 1, cursor)).keys, [{ name: "y" }]);
});

test("KV list in small pages misses nothing and repeats nothing among many keys", async () => {
  const kv = new KvRig();
  await fill(kv, 3_000, (i) => `k${(i * 7919) % 3_000}`);
  const names = new Set<string>();
  let cursor: string | null = null;
  let count = 0;
  do {
    const page = await kv.list(null, 97, cursor);
    for (const { name } of page.keys) names.add(name);
    count += page.keys.length;
    cursor = page.cursor ?? null;
  } while (cursor !== null);
  assert.is(count, 3_000);
  assert.is(names.size, 3_000);
});

test("KV list charges its keys and bytes, and a large page waits in a stream that holds room until it is read", async () => {
  const rooms = new KvRooms({ readBytes: { all: 40e6, perAccount: 4.3e6 }, patienceMs: 600_000 });
  const kv = new KvRig({ rooms });
  await kv.put("small", "v");
  await kv.list();
  assert.is(kv.chargedUs, 5);
  const metadata = JSON.stringify("m".repeat(1_000));
  for (let i = 0; i < 300; i++) await kv.put(`k${i}`, "v", { metadata });
  kv.chargedUs = 0;
  const [kind, first] = await kv.call("list", null, null, null);
  assert.is(kind, BodyKind.stream);
  let isIn = false;
  const second = kv.call("list", null, null, null).then((values) => {
    isIn = true;
    return values;
  });
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  assert.not(isIn);
  const json = await kv.streamed(first);
  assert.is(kv.chargedUs, 301 * 4 + readCostUs(json.length));
  assert.is((JSON.parse(String(json)) as { keys: unknown[] }).keys.length, 301);
  const [, id] = await second;
  await kv.cancel(id);
  assert.is((await kv.list()).keys.length, 301);
  await fails(kv.call("list", null, null, "no cursor"), "Error", BAD_CURSOR);
  assert.is((await kv.list()).keys.length, 301);
});

test.run();
