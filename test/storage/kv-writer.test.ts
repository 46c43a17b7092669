import { test } from "uvu";
import * as assert from "uvu/assert";
import { openKvWriter } from "../../src/storage/kv-file.ts";
import type { KvWrite } from "../../src/storage/kv-write.ts";
import { type KvBounds, KvWriter } from "../../src/storage/kv-writer.ts";
import { tempFolder } from "./temp-folder.ts";

const START = 1_700_000_000_000;
const WIDE: KvBounds = { room: Infinity, garbage: Infinity };

function put(name: string, length: number): KvWrite {
  const key = new TextEncoder().encode(name);
  return { kind: "put", key, value: new Uint8Array(length), meta: null, expires: null, ifRev: null };
}

function writerIn(folder: string): KvWriter & Disposable {
  const writer = new KvWriter(openKvWriter(`${folder}/1.db`, "normal", START));
  return Object.assign(writer, { [Symbol.dispose]: () => writer.close() });
}

function apply(writer: KvWriter, bounds: KvBounds, ...writes: KvWrite[]): number[] {
  let revs: number[] = [];
  writer.transaction(() => (revs = writer.apply(writes, START, bounds)));
  return revs;
}

test("KvWriter refuses a put that does not fit, does the others of its group, and deletes make room in it", () => {
  using folder = tempFolder();
  using writer = writerIn(folder.path);
  const bounds = { ...WIDE, room: 2 * (128 + 101) };
  const gone: KvWrite = { kind: "delete", key: new TextEncoder().encode("a") };
  const writes = [put("a", 100), put("b", 100), put("c", 100), put("b", 50), gone, put("d", 100)];
  const [a, b, ...rest] = apply(writer, bounds, ...writes);
  assert.ok(a! > 0 && b! > a!);
  assert.is(rest[0], -2);
  assert.ok(rest[1]! > b!);
  assert.is(rest[2], 0);
  assert.ok(rest[3]! > 0);
  assert.is(writer.use.room, 128 + 51 + 128 + 101);
});

test("KvWriter keeps so much of replaced values as it may, the newest", () => {
  using folder = tempFolder();
  using writer = writerIn(folder.path);
  for (let n = 0; n < 3; n++) apply(writer, WIDE, put("k", 100_000));
  assert.is(writer.use.garbage, 200_000);
  apply(writer, { ...WIDE, garbage: 250_000 }, put("k", 100_000));
  assert.is(writer.use.garbage, 200_000);
  apply(writer, { ...WIDE, garbage: 0 }, put("k", 100_000));
  assert.is(writer.use.garbage, 0);
  assert.is(writer.use.room, 128 + Math.ceil(100_001 / 4_096) * 4_096);
});

test.run();
