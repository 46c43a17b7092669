import { once } from "node:events";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import Database from "better-sqlite3";
import { DataFolderInUse } from "../../src/storage/data-folder-in-use.ts";
import { openDataFolder } from "../../src/storage/data-folder.ts";
import { StorageDamaged } from "../../src/storage/storage-damaged.ts";
import { StorageTooNew } from "../../src/storage/storage-too-new.ts";
import { tempFolder } from "./temp-folder.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function refused<E extends Error>(path: string, kind: new (...args: never[]) => E): E {
  try {
    openDataFolder(path);
  } catch (error) {
    assert.instance(error, kind);
    return error as E;
  }
  throw new Error("expected to be refused");
}

/** Another process that opens the folder, says so, and holds it until it is killed. */
async function holder(path: string): Promise<{ pid: number; kill(): Promise<void> }> {
  const child = spawn(
    process.execPath,
    ["--expose-gc", new URL("./fixtures/hold-folder.ts", import.meta.url).pathname, path],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const gone = once(child, "exit");
  await once(child.stdout, "data");
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

test("openDataFolder makes the folder for its owner alone, and keeps KV and control records", async () => {
  using folder = tempFolder();
  const path = `${folder.path}/deep/data`;
  {
    await using data = openDataFolder(path);
    assert.is(data.path, path);
    assert.is(statSync(path).mode & 0o777, 0o700);
    const ns = data.control.ensureNamespace({ account: "a", id: "k", nowMs: 1 });
    await data.kv.put(ns, bytes("key"), bytes("value"));
  }
  await using again = openDataFolder(path);
  const ns = again.control.ensureNamespace({ account: "a", id: "k", nowMs: 1 });
  assert.equal((await again.kv.get(ns, bytes("key")))?.value, bytes("value"));
});

test("openDataFolder removes what a deleted namespace left, or was given after that by workers that still had it", async () => {
  using folder = tempFolder();
  const files = (): string[] => readdirSync(`${folder.path}/kv`).filter((name) => name.endsWith(".db"));
  let all: number[];
  {
    await using data = openDataFolder(folder.path);
    all = ["kept", "left", "given"].map((id) => data.control.ensureNamespace({ account: "a", id, nowMs: 1 }));
    const [, left = 0, given = 0] = all;
    for (const ns of all) await data.kv.put(ns, bytes("key"), bytes("value"));
    // The host may end before the file is gone.
    data.control.deleteNamespace("a", "left");
    data.control.deleteNamespace("a", "given");
    await data.kv.drop(given);
    await data.kv.put(given, bytes("key"), bytes("value"));
    assert.ok(existsSync(`${folder.path}/kv/${left}.db`));
    assert.is(files().length, 3);
  }
  const [kept = 0] = all;
  for (let again = 0; again < 2; again++) {
    await using data = openDataFolder(folder.path);
    assert.equal(files(), [`${kept}.db`]);
    assert.equal((await data.kv.get(kept, bytes("key")))?.value, bytes("value"));
  }
});

test("openDataFolder refuses a second opening in the same process, and says so", async () => {
  using folder = tempFolder();
  {
    await using data = openDataFolder(folder.path);
    const error = refused(data.path, DataFolderInUse);
    assert.is(error.code, "DATA_FOLDER_IN_USE");
    assert.is(error.holder?.pid, process.pid);
    assert.match(error.message, "this process");
  }
  await openDataFolder(folder.path).close();
});

test("openDataFolder refuses a folder that another process holds, naming it, until that process is killed", async () => {
  using folder = tempFolder();
  const other = await holder(folder.path);
  try {
    const error = refused(folder.path, DataFolderInUse);
    assert.is(error.holder?.pid, other.pid);
    assert.match(error.message, `process ${other.pid} on `);
    assert.match(error.message, error.holder?.since ?? "?");
    assert.match(error.message, "hold-folder.ts");
    assert.match(error.message, "Stop that process");
    assert.is(JSON.parse(readFileSync(`${folder.path}/holder.json`, "utf8")).pid, other.pid);
  } finally {
    await other.kill();
  }
  await using data = openDataFolder(folder.path);
  assert.equal(data.control.listAccounts(), []);
});

test("openDataFolder leaves nothing that says the folder is held after it was closed", async () => {
  using folder = tempFolder();
  const data = openDataFolder(folder.path);
  await data.close();
  await data.close();
  assert.not(existsSync(`${folder.path}/holder.json`));
});

test("openDataFolder tells of a damaged control.db, and does not keep the folder locked", async () => {
  using folder = tempFolder();
  await openDataFolder(folder.path).close();
  const whole = readFileSync(`${folder.path}/control.db`);
  writeFileSync(`${folder.path}/control.db`, "this is not a database, whatever its name says. ".repeat(100));
  assert.match(refused(folder.path, StorageDamaged).message, "control.db is damaged");
  // Pages in the middle: the header is good, the trees are not.
  writeFileSync(`${folder.path}/control.db`, Buffer.from(whole).fill(0x5a, 4096 + 100, 3 * 4096));
  assert.is(refused(folder.path, StorageDamaged).code, "STORAGE_DAMAGED");
  writeFileSync(`${folder.path}/control.db`, whole);
  await openDataFolder(folder.path).close();
});

test("openDataFolder refuses the folder of a newer Skerry", async () => {
  using folder = tempFolder();
  await openDataFolder(folder.path).close();
  const db = new Database(`${folder.path}/control.db`);
  db.pragma("user_version = 999");
  db.close();
  assert.match(refused(folder.path, StorageTooNew).message, "999");
});

test.run();
