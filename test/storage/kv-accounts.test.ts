import { test } from "uvu";
import * as assert from "uvu/assert";
import { KvAccounts } from "../../src/storage/kv-accounts.ts";
import { FILE_ROOM } from "../../src/storage/kv-room.ts";

const MIB = 1024 ** 2;

test("KvAccounts counts the files of an account, and what each may grow by", () => {
  const accounts = new KvAccounts();
  assert.is(accounts.usedBytes("acme"), 0);
  assert.is(accounts.roomIn("acme", 1, 1_000_000), 1_000_000);
  accounts.set("acme", 1, { room: 500, free: 0, garbage: 0 });
  accounts.set("acme", 2, { room: 300, free: 0, garbage: 0 });
  accounts.set("other", 3, { room: 9_000, free: 0, garbage: 0 });
  assert.is(accounts.usedBytes("acme"), 2 * FILE_ROOM + 800);
  accounts.set("acme", 1, { room: 100, free: 0, garbage: 0 });
  assert.is(accounts.roomIn("acme", 2, 1_000_000), 1_000_000 - 2 * FILE_ROOM - 400);
  accounts.set("acme", 2, null);
  assert.equal(accounts.namespacesOf("acme"), [1]);
  accounts.set("acme", 1, null);
  assert.is(accounts.usedBytes("acme"), 0);
  assert.is(accounts.usedBytes("other"), FILE_ROOM + 9_000);
});

test("KvAccounts gives a namespace to the account that writes to it", () => {
  const accounts = new KvAccounts();
  accounts.set("namespace 1", 1, { room: 500, free: 0, garbage: 0 });
  accounts.set("acme", 1, { room: 600, free: 0, garbage: 0 });
  assert.is(accounts.ownerOf(1), "acme");
  assert.is(accounts.usedBytes("namespace 1"), 0);
  assert.is(accounts.usedBytes("acme"), FILE_ROOM + 600);
});

test("KvAccounts counts what was freed and is not given back, but for writes into the same namespace", () => {
  const accounts = new KvAccounts();
  const limitBytes = 1_000 * MIB;
  accounts.set("acme", 1, { room: 0, free: 500 * MIB, garbage: 0 });
  accounts.set("acme", 2, { room: 0, free: 0, garbage: 0 });
  assert.is(accounts.usedBytes("acme"), 2 * FILE_ROOM + 436 * MIB);
  assert.is(accounts.roomIn("acme", 1, limitBytes), limitBytes - 2 * FILE_ROOM);
  assert.is(accounts.roomIn("acme", 2, limitBytes), limitBytes - 2 * FILE_ROOM - 436 * MIB);
});

test("KvAccounts lets an account keep so much of replaced values, in all its namespaces", () => {
  const accounts = new KvAccounts();
  assert.is(accounts.garbageIn("acme", 1), 64 * MIB);
  accounts.set("acme", 1, { room: 0, free: 0, garbage: 60 * MIB });
  accounts.set("acme", 2, { room: 0, free: 0, garbage: 0 });
  assert.is(accounts.garbageIn("acme", 1), 64 * MIB);
  assert.is(accounts.garbageIn("acme", 2), 4 * MIB);
  assert.is(accounts.garbageIn("other", 3), 64 * MIB);
});

test.run();
