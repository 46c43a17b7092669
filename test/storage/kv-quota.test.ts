import Database from "better-sqlite3";
import { readdirSync, statSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AccountStorageFull } from "../../src/storage/account-storage-full.ts";
import { DiskLow } from "../../src/storage/disk-low.ts";
import { FILE_ROOM, roomOf } from "../../src/storage/kv-room.ts";
import type { KvStore } from "../../src/storage/kv-store.ts";
import { MemoryKv } from "../../src/storage/memory-kv.ts";
import { SqliteKv, type SqliteKvOptions } from "../../src/storage/sqlite-kv.ts";
import { StorageLedger } from "../../src/storage/storage-ledger.ts";
import { tempFolder } from "./temp-folder.ts";

const START = 1_700_000_000_000;
/** Namespaces of the account `acme`, of `other`, and of nobody yet. */
const OWNERS: Readonly<Record<string, readonly number[]>> = { acme: [1, 2], other: [3] };

function key(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

interface Rig extends AsyncDisposable {
  readonly store: KvStore & { close(): Promise<void> };
  readonly ledger: StorageLedger;
  readonly limits: Record<string, number>;
  nowMs: number;
}

function rigOf(
  open: (ledger: StorageLedger, now: () => number) => Rig["store"],
  limits: Record<string, number>,
): Rig {
  const ledger = new StorageLedger((account) => limits[account] ?? Infinity);
  const rig: Rig = {
    store: open(ledger, () => rig.nowMs),
    ledger,
    limits,
    nowMs: START,
    async [Symbol.asyncDispose]() {
      await rig.store.close();
    },
  };
  for (const [account, namespaces] of Object.entries(OWNERS))
    for (const ns of namespaces) rig.store.assign(ns, account);
  return rig;
}

function onFiles(
  folder: string,
  limits: Record<string, number>,
  options: Partial<SqliteKvOptions> = {},
): Rig {
  return rigOf(
    (ledger, now) =>
      new SqliteKv({
        folder,
        ledger,
        now,
        sync: "normal",
        namespacesOf: (account) => OWNERS[account] ?? [],
        ...options,
      }),
    limits,
  );
}

/** What came of it: `ok`, or the code of the error. */
async function tried(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "ok",
    (error: { code?: string }) => error.code ?? String(error),
  );
}

function both(title: string, limits: Record<string, number>, body: (rig: Rig) => Promise<void>): void {
  test(`KV on files: ${title}`, async () => {
    using folder = tempFolder();
    await using rig = onFiles(folder.path, { ...limits });
    await body(rig);
  });
  test(`KV in memory: ${title}`, async () => {
    await using rig = rigOf((ledger, now) => new MemoryKv({ ledger, now }), { ...limits });
    await body(rig);
  });
}

/** Has the thread purge until a condition holds; by looks, as a machine may stand still for as long as it likes. */
async function until(thread: SqliteKv["thread"], holds: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await holds()); looks++) {
    assert.ok(looks < 5_000, "it never came true");
    thread.purge();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const VALUE = new Uint8Array(500);
/** Of `VALUE` under a key of one letter. */
const ROOM = roomOf(501);

both(
  "an account fills its quota to the byte, and no further",
  { acme: FILE_ROOM + 3 * ROOM },
  async (rig) => {
    for (const name of ["a", "b", "c"]) await rig.store.put(1, key(name), VALUE);
    assert.is(rig.ledger.useOf("acme").usedBytes, FILE_ROOM + 3 * ROOM);
    const error = await rig.store.put(1, key("d"), new Uint8Array(0)).catch((thrown: unknown) => thrown);
    assert.instance(error, AccountStorageFull);
    assert.match(
      (error as Error).message,
      `stores ${FILE_ROOM + 3 * ROOM} bytes of the ${FILE_ROOM + 3 * ROOM}`,
    );
    assert.match((error as Error).message, `and ${roomOf(1)} more do not fit`);
    assert.is(await rig.store.get(1, key("d")), null);
    // Also in a namespace that has nothing yet, and with metadata.
    assert.is(await tried(rig.store.put(2, key("d"), VALUE)), "ACCOUNT_STORAGE_FULL");
    assert.is(await tried(rig.store.put(1, key("a"), VALUE, { meta: key("more") })), "ACCOUNT_STORAGE_FULL");
    assert.is((await rig.store.get(1, key("a")))?.meta, null);
  },
);

both(
  "at the quota deletes, overwrites and smaller values work",
  { acme: FILE_ROOM + 2 * ROOM },
  async (rig) => {
    for (const name of ["a", "b"]) await rig.store.put(1, key(name), VALUE);
    await rig.store.put(1, key("a"), VALUE);
    assert.is(await tried(rig.store.put(1, key("a"), new Uint8Array(501))), "ACCOUNT_STORAGE_FULL");
    await rig.store.put(1, key("a"), new Uint8Array(499));
    await rig.store.put(1, key("b"), new Uint8Array(501));
    await rig.store.delete(1, key("a"));
    await rig.store.put(1, key("c"), new Uint8Array(499));
    assert.is(await tried(rig.store.put(1, key("d"), new Uint8Array(0))), "ACCOUNT_STORAGE_FULL");
    await rig.store.drop(1);
    assert.is(rig.ledger.useOf("acme").usedBytes, 0);
    await rig.store.put(2, key("a"), VALUE);
    // Lowered below what is there: less of it works still.
    rig.limits["acme"] = 1;
    assert.is(await tried(rig.store.put(2, key("b"), VALUE)), "ACCOUNT_STORAGE_FULL");
    await rig.store.put(2, key("a"), new Uint8Array(1));
    await rig.store.delete(2, key("a"));
  },
);

both(
  "writers that come together do not overshoot, and one account is no other",
  { acme: 200_000 },
  async (rig) => {
    const puts = Array.from({ length: 400 }, (_, i) =>
      tried(rig.store.put(1 + (i % 2), key(`k${i}`), new Uint8Array(900 + (i % 7)))),
    );
    const others = Array.from({ length: 50 }, (_, i) =>
      rig.store.put(3, key(`k${i}`), new Uint8Array(9_000)),
    );
    const results = await Promise.all(puts);
    await Promise.all(others);
    const { usedBytes } = rig.ledger.useOf("acme");
    assert.ok(usedBytes <= 200_000, String(usedBytes));
    assert.ok(usedBytes > 200_000 - 2 * roomOf(1_000), String(usedBytes));
    assert.ok(results.includes("ACCOUNT_STORAGE_FULL"));
    const files = new Set(results.flatMap((result, i) => (result === "ok" ? [i % 2] : [])));
    let there = files.size * FILE_ROOM;
    for (const [i, result] of results.entries()) {
      const entry = await rig.store.get(1 + (i % 2), key(`k${i}`));
      assert.is(entry !== null, result === "ok");
      if (entry !== null) there += roomOf(`k${i}`.length + entry.value.length);
    }
    assert.is(usedBytes, there);
  },
);

both(
  "what other kinds take is not there for KV, and what KV has under way not for them",
  { acme: 400_000 },
  async (rig) => {
    await rig.store.put(1, key("a"), VALUE);
    rig.ledger.set("assets", "acme", 300_000);
    assert.is(await tried(rig.store.put(1, key("b"), new Uint8Array(90_000))), "ACCOUNT_STORAGE_FULL");
    rig.ledger.set("assets", "acme", 0);
    const put = rig.store.put(1, key("b"), new Uint8Array(90_000));
    assert.ok(rig.ledger.roomFor("assets", "acme") <= 400_000 - FILE_ROOM - ROOM - 90_000);
    await put;
    assert.is(rig.ledger.roomFor("assets", "acme"), 400_000 - FILE_ROOM - ROOM - roomOf(90_001));
  },
);

both(
  "an expired entry counts until it is removed, and a put in its place counts anew",
  { acme: FILE_ROOM + ROOM },
  async (rig) => {
    await rig.store.put(1, key("a"), VALUE, { expires: START + 1 });
    rig.nowMs = START + 10;
    await rig.store.put(1, key("a"), VALUE);
    assert.is(rig.ledger.useOf("acme").usedBytes, FILE_ROOM + ROOM);
  },
);

test("MemoryKv makes room of what expired, which nobody asks for any more", async () => {
  await using rig = rigOf((ledger, now) => new MemoryKv({ ledger, now }), {
    acme: 2 * FILE_ROOM + 3 * ROOM,
  });
  const put = async (ns: number, name: string, expires?: number): Promise<string> =>
    await tried(rig.store.put(ns, key(name), VALUE, expires === undefined ? {} : { expires }));
  for (const name of ["a", "b"]) assert.is(await put(1, name, START + 1), "ok");
  await rig.store.put(3, key("a"), VALUE, { expires: START + 1 });
  assert.is(await put(2, "stays", START + 1_000), "ACCOUNT_STORAGE_FULL");
  assert.is(await put(2, "s", START + 1_000), "ok");
  assert.is(await put(2, "m"), "ACCOUNT_STORAGE_FULL");
  rig.nowMs = START + 10;
  assert.equal([await put(2, "m"), await put(2, "n")], ["ok", "ok"]);
  assert.is(await put(2, "o"), "ACCOUNT_STORAGE_FULL");
  assert.ok(await rig.store.get(2, key("s")));
  assert.is(rig.ledger.useOf("acme").usedBytes, 2 * FILE_ROOM + 3 * ROOM);
  // Not of others, who have room.
  assert.is(rig.ledger.useOf("other").usedBytes, FILE_ROOM + ROOM);
});

test("SqliteKv counts what was acknowledged when it is opened again, in all namespaces, before the first write", async () => {
  using folder = tempFolder();
  const limits = { acme: 2 * FILE_ROOM + 3 * ROOM };
  {
    await using rig = onFiles(folder.path, limits);
    await rig.store.put(1, key("a"), VALUE);
    await rig.store.put(2, key("b"), VALUE);
  }
  await using rig = onFiles(folder.path, limits);
  const results = await Promise.all(["c", "d"].map((name) => tried(rig.store.put(1, key(name), VALUE))));
  assert.equal(results, ["ok", "ACCOUNT_STORAGE_FULL"]);
  assert.is(rig.ledger.useOf("acme").usedBytes, limits.acme);
  // The writer dies, and with it all that it knew.
  await (rig.store as SqliteKv).thread.kill();
  assert.is(await tried(rig.store.put(2, key("e"), VALUE)), "ACCOUNT_STORAGE_FULL");
  await rig.store.delete(2, key("b"));
  assert.is(await tried(rig.store.put(1, key("e"), VALUE)), "ok");
});

test("SqliteKv counts a file from before there were quotas when it opens it", async () => {
  using folder = tempFolder();
  const values: [string, number, string | null][] = [
    ["a", 0, null],
    ["bb", 10, "meta"],
    ["c", 998, "m"],
    ["d", 999, "m"],
    ["e", 4_095, null],
    ["f", 4_096, null],
    ["g", 200_000, ""],
  ];
  let room = FILE_ROOM;
  {
    await using rig = onFiles(folder.path, {});
    for (const [name, length, meta] of values) {
      await rig.store.put(1, key(name), new Uint8Array(length), meta === null ? {} : { meta: key(meta) });
      room += roomOf(name.length + length + (meta?.length ?? 0));
    }
    assert.is(rig.ledger.useOf("acme").usedBytes, room);
  }
  const db = new Database(`${folder.path}/1.db`);
  db.exec("ALTER TABLE counter DROP COLUMN room; PRAGMA user_version = 1");
  db.close();
  await using rig = onFiles(folder.path, { acme: room });
  assert.is(await tried(rig.store.put(1, key("h"), VALUE)), "ACCOUNT_STORAGE_FULL");
  assert.is(rig.ledger.useOf("acme").usedBytes, room);
  await rig.store.delete(1, key("g"));
  await rig.store.put(1, key("h"), VALUE);
  assert.is((await rig.store.get(1, key("f")))?.value.length, 4_096);
});

test("SqliteKv makes room of what expired, in any namespace of an account that met its quota", async () => {
  using folder = tempFolder();
  // One file is open at a time: those of the account come out of turn.
  await using rig = onFiles(folder.path, { acme: 2 * FILE_ROOM + 2 * ROOM }, { openFiles: 1 });
  const { thread } = rig.store as SqliteKv;
  await rig.store.put(1, key("a"), VALUE, { expires: START + 1 });
  await rig.store.put(2, key("b"), VALUE);
  rig.nowMs = START + 100_000;
  await until(thread, async () => (await tried(rig.store.put(2, key("c"), VALUE))) === "ok");
  assert.is(rig.ledger.useOf("acme").usedBytes, 2 * FILE_ROOM + 2 * ROOM);
});

test("SqliteKv gives freed pages back to the disk, where other namespaces use them", async () => {
  using folder = tempFolder();
  const MIB = 1024 ** 2;
  await using rig = onFiles(folder.path, { acme: 30 * MIB });
  const { thread } = rig.store as SqliteKv;
  const fill = async (ns: number): Promise<void> => {
    for (let i = 0; i < 4; i++) await rig.store.put(ns, key(`k${i}`), new Uint8Array(6 * MIB));
  };
  await fill(1);
  for (let i = 0; i < 4; i++) await rig.store.delete(1, key(`k${i}`));
  rig.nowMs += 100_000;
  const sizeMb = (ns: number): number => statSync(`${folder.path}/${ns}.db`).size / MIB;
  await until(thread, async () => sizeMb(1) < 6);
  await fill(2);
});

test("SqliteKv makes no file for an account without room", async () => {
  using folder = tempFolder();
  await using rig = onFiles(folder.path, { acme: FILE_ROOM - 1 });
  assert.is(await tried(rig.store.put(1, key("a"), VALUE)), "ACCOUNT_STORAGE_FULL");
  await rig.store.delete(1, key("a"));
  assert.equal(
    readdirSync(folder.path).filter((name) => name.startsWith("1.db")),
    [],
  );
});

test("SqliteKv stores nothing more where the disk has to stay free, and deletes", async () => {
  using folder = tempFolder();
  let room = 1_000;
  const disk = {
    period: 7,
    mustTake(bytes: number): void {
      if (bytes > room) throw new DiskLow();
      room -= bytes;
    },
    give(bytes: number, period: number): void {
      assert.is(period, 7);
      room += bytes;
    },
  };
  await using rig = onFiles(folder.path, { acme: FILE_ROOM + ROOM }, { disk });
  await rig.store.put(1, key("a"), VALUE);
  assert.is(room, 499);
  assert.is(await tried(rig.store.put(1, key("b"), VALUE)), "DISK_LOW");
  // What is refused takes nothing: an account could have others refused by it.
  assert.is(await tried(rig.store.put(1, key("b"), VALUE.subarray(100))), "ACCOUNT_STORAGE_FULL");
  assert.is(await rig.store.put(1, key("a"), VALUE.subarray(100), { ifRev: 1n }), "conflict");
  assert.is(room, 499);
  await rig.store.delete(1, key("a"));
  assert.is(await rig.store.get(1, key("a")), null);
});

test("SqliteKv writes where nobody can say which namespaces an account has", async () => {
  using folder = tempFolder();
  const namespacesOf = (): never => {
    throw new Error("disk I/O error");
  };
  await using rig = onFiles(folder.path, { acme: FILE_ROOM + ROOM }, { namespacesOf });
  await rig.store.put(1, key("a"), VALUE);
  assert.is(await tried(rig.store.put(1, key("b"), VALUE)), "ACCOUNT_STORAGE_FULL");
});

test.run();
