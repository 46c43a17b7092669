import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SqliteKvOptions } from "../../src/storage/sqlite-kv.ts";
import { SqliteKv } from "../../src/storage/sqlite-kv.ts";
import { StorageClosed } from "../../src/storage/storage-closed.ts";
import { StorageDamaged } from "../../src/storage/storage-damaged.ts";
import { Unavailable } from "../../src/storage/unavailable.ts";
import { tempFolder } from "./temp-folder.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function open(options: Partial<SqliteKvOptions> = {}): { store: SqliteKv; folder: string } & AsyncDisposable {
  const folder = tempFolder();
  const store = new SqliteKv({ folder: folder.path, ...options });
  return {
    store,
    folder: folder.path,
    async [Symbol.asyncDispose]() {
      await store.close();
      folder[Symbol.dispose]();
    },
  };
}

test("SqliteKv keeps values, metadata and revs when it is opened again", async () => {
  await using first = open();
  const big = new Uint8Array(200_000).fill(7);
  const rev = await first.store.put(1, bytes("k"), bytes("v"), { meta: bytes("m"), expires: 9e12 });
  await first.store.put(1, bytes("big"), big);
  await first.store.close();
  const second = new SqliteKv({ folder: first.folder });
  try {
    assert.equal(await second.get(1, bytes("k")), {
      value: bytes("v"),
      meta: bytes("m"),
      expires: 9e12,
      rev: rev as bigint,
    });
    assert.ok(Buffer.compare((await second.get(1, bytes("big")))?.value ?? new Uint8Array(0), big) === 0);
    assert.ok(((await second.put(1, bytes("k"), bytes("w"))) as bigint) > (rev as bigint));
  } finally {
    await second.close();
  }
});

test("SqliteKv.close writes what waits, and refuses what comes after", async () => {
  await using kv = open();
  const puts = Array.from({ length: 500 }, (_, i) => kv.store.put(1 + (i % 3), bytes(`k${i}`), bytes("v")));
  await kv.store.close();
  assert.is((await Promise.all(puts)).length, 500);
  for (const late of [
    () => kv.store.put(1, bytes("x"), bytes("v")),
    () => kv.store.get(1, bytes("k0")),
    () => kv.store.list(1, { limit: 1 }),
  ]) {
    assert.instance(await late().catch((error: unknown) => error), StorageClosed);
  }
  const again = new SqliteKv({ folder: kv.folder });
  const pages = await Promise.all([1, 2, 3].map((ns) => again.list(ns, { limit: 1_000 })));
  assert.is(
    pages.reduce((sum, page) => sum + page.keys.length, 0),
    500,
  );
  await again.close();
});

test("SqliteKv rejects writes under way as unknown when the writer dies, and writes again after it", async () => {
  await using kv = open();
  await kv.store.put(1, bytes("before"), bytes("v"));
  const writes = Array.from({ length: 20 }, (_, i) =>
    kv.store.put(1, bytes(`k${i}`), new Uint8Array(1_000_000)),
  );
  const settled = Promise.allSettled(writes);
  // A turn of the loop later the group is with the writer.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  await kv.store.thread.kill();
  const results = await settled;
  const lost = results.filter((result) => result.status === "rejected");
  assert.ok(lost.length > 0);
  for (const { reason } of lost) {
    assert.instance(reason, Unavailable);
    assert.is((reason as Unavailable).outcome, "unknown");
    assert.match((reason as Unavailable).message, "may or may not");
  }
  for (const [i, result] of results.entries()) {
    if (result.status === "fulfilled") assert.ok((await kv.store.get(1, bytes(`k${i}`))) !== null);
  }
  assert.is(typeof (await kv.store.put(1, bytes("after"), bytes("v"))), "bigint");
  assert.ok((await kv.store.get(1, bytes("before"))) !== null);
});

test("SqliteKv refuses writes that do not fit its queue, for one namespace without harm to others", async () => {
  await using kv = open({ queue: { totalBytes: 1_000_000, namespaceBytes: 100_000, namespaceWrites: 5 } });
  const writes = Array.from({ length: 8 }, (_, i) => kv.store.put(1, bytes(`k${i}`), bytes("v")));
  const other = kv.store.put(2, bytes("k"), bytes("v"));
  const large = kv.store.put(3, bytes("k"), new Uint8Array(100_000));
  const results = await Promise.allSettled([...writes, large]);
  const refused = results.filter((result) => result.status === "rejected");
  assert.is(refused.length, 4);
  assert.ok(refused.every(({ reason }) => reason instanceof Unavailable && reason.outcome === "no"));
  assert.is(typeof (await other), "bigint");
  assert.is(await kv.store.get(1, bytes("k7")), null);
});

test("SqliteKv works with more namespaces than files it may have open", async () => {
  await using kv = open({ openFiles: 3 });
  for (let round = 0; round < 2; round++) {
    await Promise.all(
      Array.from({ length: 12 }, (_, i) => kv.store.put(1 + i, bytes(`r${round}`), bytes(String(i)))),
    );
    for (let i = 0; i < 12; i++)
      assert.equal((await kv.store.get(1 + i, bytes(`r${round}`)))?.value, bytes(String(i)));
  }
});

test("SqliteKv confines a damaged file to its namespace", async () => {
  await using kv = open();
  for (const ns of [1, 2])
    for (let i = 0; i < 50; i++) await kv.store.put(ns, bytes(`k${i}`), new Uint8Array(3_000).fill(i));
  await kv.store.close();
  const whole = readFileSync(`${kv.folder}/1.db`);
  writeFileSync(`${kv.folder}/1.db`, Buffer.from(whole).fill(0x5a, 4096));
  const again = new SqliteKv({ folder: kv.folder });
  try {
    assert.instance(await again.get(1, bytes("k1")).catch((error: unknown) => error), StorageDamaged);
    assert.instance(
      await again.put(1, bytes("k1"), bytes("v")).catch((error: unknown) => error),
      StorageDamaged,
    );
    assert.is((await again.get(2, bytes("k1")))?.value.length, 3_000);
    assert.is(typeof (await again.put(2, bytes("k1"), bytes("v"))), "bigint");
  } finally {
    await again.close();
  }
});

test("SqliteKv.drop leaves no file behind, and refuses numbers that are none", async () => {
  await using kv = open();
  await kv.store.put(1, bytes("k"), bytes("v"));
  await kv.store.get(1, bytes("k"));
  assert.ok(existsSync(`${kv.folder}/1.db`));
  await kv.store.drop(1);
  await kv.store.drop(5);
  assert.equal(
    readdirSync(kv.folder).filter((name) => !name.startsWith("holder")),
    [],
  );
  for (const ns of [0, -1, 1.5, Number.NaN, "../1" as unknown as number]) {
    assert.instance(
      await kv.store.put(ns, bytes("k"), bytes("v")).catch((error: unknown) => error),
      RangeError,
    );
    assert.instance(await kv.store.get(ns, bytes("k")).catch((error: unknown) => error), RangeError);
  }
});

test("SqliteKv takes the space of expired and replaced values back", async () => {
  let nowMs = 1_700_000_000_000;
  await using kv = open({ now: () => nowMs });
  const size = (): number => statSync(`${kv.folder}/1.db`).size + statSync(`${kv.folder}/1.db-wal`).size;
  await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      kv.store.put(1, bytes(`k${i}`), new Uint8Array(500_000), { expires: nowMs + 60_000 }),
    ),
  );
  for (let i = 0; i < 40; i++) await kv.store.put(1, bytes("same"), new Uint8Array(500_000));
  const full = size();
  nowMs += 600_000;
  const until = performance.now() + 150_000;
  let used = full;
  while (used > 500_000 * 45 && performance.now() < until) {
    kv.store.thread.purge();
    await kv.store.put(1, bytes("small"), bytes("v"));
    await sleep(20);
    used = size();
  }
  assert.ok(used < full / 2, `${used} of ${full} bytes are still in use`);
});

test.run();
