import Database from "better-sqlite3";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PublishRequest } from "../../src/storage/control-store.ts";
import { SqliteControl } from "../../src/storage/sqlite-control.ts";
import { StorageLedger } from "../../src/storage/storage-ledger.ts";
import { tempFolder } from "./temp-folder.ts";
import { undoRecordUse } from "./undo-record-use.ts";

const NOW = 1_700_000_000_000;

function request(versionId: string, more: Partial<PublishRequest> = {}): PublishRequest {
  return {
    account: "acme",
    worker: "shop",
    versionId,
    packed: new Uint8Array(10_000),
    configJson: '{"é":1}',
    createdAtMs: NOW,
    ...more,
  };
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return "ok";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

interface Rig extends Disposable {
  readonly control: SqliteControl;
  readonly used: (account?: string) => number;
  readonly limit: { bytes: number };
}

function rigOf(path = ":memory:"): Rig {
  const limit = { bytes: Infinity };
  const ledger = new StorageLedger((account) => (account === "acme" ? limit.bytes : Infinity));
  const control = new SqliteControl(path, ledger);
  return {
    control,
    limit,
    used: (account = "acme") => ledger.useOf(account).recordBytes,
    [Symbol.dispose]: () => control.close(),
  };
}

/** 1 KiB, config and note `{}`. */
const VERSION = 1_024 + 8 + 2;
/** 4 KiB, settings `{}`. */
const WORKER = 4_096 + 2;
/** 128 and note `{}`. */
const DEPLOYMENT = 128 + 2;

test("records count code once for a worker, versions, workers, routes, secrets, namespaces", () => {
  using rig = rigOf();
  const { control, used } = rig;
  control.publish(request("a"));
  let expected = WORKER + VERSION + 10_000 + DEPLOYMENT;
  assert.is(used(), expected);
  control.publish(request("b", { keepTraffic: true, note: { author: "me" } }));
  expected += VERSION + '"author":"me"'.length;
  assert.is(used(), expected);
  control.publish(request("c", { worker: "blog", keepTraffic: true }));
  expected += WORKER + VERSION + 10_000;
  assert.is(used(), expected);
  const secrets = [{ name: "S", keyId: "k", sealed: new Uint8Array(100) }];
  control.publish(request("d", { secrets, keepTraffic: true, routes: ["é.test/*"] }));
  expected += VERSION + 228 + 128 + 9;
  assert.is(used(), expected);
  control.setWorkerSettings("acme", "shop", '{"a":1}');
  control.ensureNamespace({ account: "acme", id: "n", title: "name", nowMs: NOW });
  expected += 5 + 512 + 4;
  assert.is(used(), expected);
  control.ensureNamespace({ account: "acme", id: "n", title: "another", nowMs: NOW });
  assert.is(used(), expected + 3);
  control.deleteNamespace("acme", "n");
  control.deleteWorker("acme", "blog");
  control.deleteWorker("acme", "shop");
  assert.is(used(), 0);
  assert.is(used("other"), 0);
});

test("records are counted again when the file is opened, also one of before they were counted", () => {
  using folder = tempFolder();
  const path = `${folder.path}/control.db`;
  let expected: number;
  {
    using rig = rigOf(path);
    const secrets = [{ name: "S", keyId: "k", sealed: new Uint8Array(100) }];
    for (const id of ["a", "b", "c"]) rig.control.publish(request(id, { secrets, note: { message: "é" } }));
    rig.control.publish(request("d", { packed: new Uint8Array(77), routes: ["a.test/*", "b.test/*"] }));
    rig.control.publish(request("e", { account: "other" }));
    rig.control.setWorkerSettings("acme", "shop", '{"é":1}');
    rig.control.ensureNamespace({ account: "acme", id: "n", title: "é", nowMs: NOW });
    expected = rig.used();
  }
  const recount = (): number => {
    using rig = rigOf(path);
    // Nothing new, so that it is counted.
    rig.control.ensureNamespace({ account: "acme", id: "n", nowMs: NOW });
    return rig.used();
  };
  assert.is(recount(), expected);
  const db = new Database(path);
  undoRecordUse(db);
  db.pragma(`user_version = ${(db.pragma("user_version", { simple: true }) as number) - 2}`);
  db.close();
  assert.is(recount(), expected);
});

test("what does not fit changes nothing, and less is always stored", () => {
  using rig = rigOf();
  const { control, used, limit } = rig;
  control.publish(request("a"));
  control.publish(request("b", { packed: new Uint8Array(5_000), keepTraffic: true }));
  const before = used();
  limit.bytes = before + 5_000;
  assert.is(
    codeOf(() => control.publish(request("c", { packed: new Uint8Array(5_001) }))),
    "ACCOUNT_STORAGE_FULL",
  );
  assert.is(used(), before);
  assert.is(control.findVersion("acme", "shop", "c"), null);
  assert.is(control.activeWorker("acme", "shop")?.versions[0]?.versionId, "a");
  assert.is(
    codeOf(() => control.publish(request("n", { worker: "new", packed: new Uint8Array(5_001) }))),
    "ACCOUNT_STORAGE_FULL",
  );
  assert.is(control.worker("acme", "new"), null);
  limit.bytes = before;
  const settings = JSON.stringify({ long: "x".repeat(100) });
  assert.is(
    codeOf(() => control.setWorkerSettings("acme", "shop", settings)),
    "ACCOUNT_STORAGE_FULL",
  );
  assert.is(
    codeOf(() => control.setRoutes("acme", "shop", ["a.test/*"])),
    "ACCOUNT_STORAGE_FULL",
  );
  assert.is(
    codeOf(() => control.ensureNamespace({ account: "acme", id: "n", nowMs: NOW })),
    "ACCOUNT_STORAGE_FULL",
  );
  // A rollback, and what takes room away.
  const versions = [{ versionId: "b", percent: 100 }];
  control.deploy({ account: "acme", worker: "shop", versions, createdAtMs: NOW });
  control.publish(request("o", { account: "other" }));
  assert.is(control.deleteWorker("acme", "shop"), true);
  control.publish(request("d"));
});

test.run();
