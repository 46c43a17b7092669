import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FILE_ROOM } from "../../src/storage/kv-room.ts";
import { KvThreadFiles } from "../../src/storage/kv-thread-files.ts";
import { type KvGroup, type KvGroupResult, packGroup } from "../../src/storage/kv-write.ts";
import { tempFolder } from "./temp-folder.ts";

const START = 1_700_000_000_000;

function putGroup(head: Pick<KvGroup, "ns" | "account" | "limitBytes">, expires: number | null): KvGroup {
  const bytes = new Uint8Array(10);
  return packGroup({ id: 1, ...head }, [
    { kind: "put", key: bytes, value: bytes, meta: null, expires, ifRev: null },
  ]);
}

function revOf(result: KvGroupResult): number | undefined {
  return result.ok ? result.revs[0] : undefined;
}

test("KvThreadFiles counts a few files at a time, however many accounts are counted", async () => {
  using folder = tempFolder();
  const files = new KvThreadFiles({ folder: folder.path, sync: "normal", openFiles: 4 });
  const counted: string[] = [];
  const count = (account: string, length: number, first: number): void =>
    files.count(
      account,
      Array.from({ length }, (_, i) => first + i),
      () => counted.push(account),
    );
  for (let n = 0; n < 4; n++) count(`many${n}`, 160, 1 + n * 1_000);
  count("few", 3, 9_000);
  let turns = 0;
  for (; counted.length < 5; turns++) await nextTurn();
  // Sixteen files of one account in a turn; who has few comes when each of the others had one.
  assert.ok(turns >= 40, String(turns));
  assert.is(counted[0], "few");
  files.close();
});

test("KvThreadFiles purges what expired of an account that has no room for a first file", async () => {
  using folder = tempFolder();
  let usedBytes = -1;
  const files = new KvThreadFiles({ folder: folder.path, sync: "normal", openFiles: 1 }, (account, used) => {
    if (account === "acme") usedBytes = used;
  });
  const acme = { account: "acme", limitBytes: FILE_ROOM + 1_000 };
  assert.ok(revOf(files.apply(putGroup({ ns: 30, ...acme }, START + 1), START))! > 0);
  for (let ns = 1; ns < 60; ns++)
    if (ns !== 30) files.apply(putGroup({ ns, account: "other", limitBytes: Infinity }, null), START);
  assert.is(revOf(files.apply(putGroup({ ns: 100, ...acme }, null), START)), -2);
  files.purge(START + 1_000_000);
  for (let turns = 0; turns < 500 && usedBytes < 0; turns++) await nextTurn();
  assert.is(usedBytes, FILE_ROOM);
  files.close();
});

test.run();
