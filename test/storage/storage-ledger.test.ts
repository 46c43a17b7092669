import { test } from "uvu";
import * as assert from "uvu/assert";
import { AccountStorageFull } from "../../src/storage/account-storage-full.ts";
import { StorageLedger } from "../../src/storage/storage-ledger.ts";

test("StorageLedger leaves each kind what the others do not take", () => {
  const ledger = new StorageLedger(() => 1_000);
  ledger.set("kv", "acme", 100);
  ledger.set("assets", "acme", 200);
  ledger.set("kv", "other", 999);
  assert.is(ledger.roomFor("records", "acme"), 700);
  assert.is(ledger.roomFor("kv", "acme"), 800);
  ledger.check("assets", "acme", 900);
  assert.throws(
    () => ledger.check("assets", "acme", 901),
    (error: unknown) =>
      error instanceof AccountStorageFull &&
      error.message.includes('account "acme" stores 300 bytes of the 1000') &&
      error.message.includes("701 more"),
  );
});

test("StorageLedger counts writes of KV under way for all other kinds", () => {
  const ledger = new StorageLedger(() => 1_000);
  ledger.pend("acme", 300);
  assert.is(ledger.roomFor("assets", "acme"), 700);
  assert.is(ledger.roomFor("kv", "acme"), 1_000);
  ledger.pend("acme", -300);
  assert.is(ledger.roomFor("assets", "acme"), 1_000);
});

test("StorageLedger.open counts all kinds once, for all who wait, and again after a failure", async () => {
  const ledger = new StorageLedger();
  let fails = true;
  let counts = 0;
  ledger.countBy((account) => ledger.set("records", account, 5));
  ledger.countBy(async (account) => {
    counts++;
    await Promise.resolve();
    if (fails) throw new Error("the disk");
    ledger.set("kv", account, 7);
  });
  const both = await Promise.allSettled([ledger.open("acme"), ledger.open("acme")]);
  assert.equal(
    both.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.is(ledger.isOpen("acme"), false);
  assert.equal(ledger.known(), []);
  fails = false;
  await Promise.all([ledger.open("acme"), ledger.open("acme")]);
  await ledger.open("acme");
  assert.is(counts, 2);
  assert.equal(ledger.known(), [
    { account: "acme", limitBytes: Infinity, usedBytes: 12, kvBytes: 7, recordBytes: 5, assetBytes: 0 },
  ]);
});

test.run();
