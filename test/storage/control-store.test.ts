import Database from "better-sqlite3";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ControlConflict } from "../../src/storage/control-conflict.ts";
import type { ControlStore, PublishRequest } from "../../src/storage/control-store.ts";
import { RouteTaken } from "../../src/storage/route-taken.ts";
import { MAX_NAMESPACES } from "../../src/storage/sqlite-bounds.ts";
import { migrateControl } from "../../src/storage/control-schema.ts";
import { forgetCode, keepCode } from "../../src/storage/sqlite-code.ts";
import { SqliteControl } from "../../src/storage/sqlite-control.ts";
import { tempFolder } from "./temp-folder.ts";
import { undoRecordUse } from "./undo-record-use.ts";

const NOW = 1_700_000_000_000;

function request(versionId: string, more: Partial<PublishRequest> = {}): PublishRequest {
  return {
    account: "acme",
    worker: "shop",
    versionId,
    packed: Uint8Array.of(1, 2, 3),
    configJson: `{"v":"${versionId}"}`,
    createdAtMs: NOW,
    ...more,
  };
}

function throwsCode(work: () => unknown, kind: new (...args: never[]) => Error, code: string): Error {
  try {
    work();
  } catch (error) {
    assert.instance(error, kind);
    assert.is((error as { code?: string }).code, code);
    return error as Error;
  }
  throw new Error(`expected ${code}`);
}

// Each test runs on a file and in memory.
function both(title: string, body: (control: ControlStore) => void): void {
  test(`ControlStore in memory: ${title}`, () => {
    const control = new SqliteControl(":memory:");
    try {
      body(control);
    } finally {
      control.close();
    }
  });
  test(`ControlStore on a file: ${title}`, () => {
    using folder = tempFolder();
    const control = new SqliteControl(`${folder.path}/control.db`);
    try {
      body(control);
    } finally {
      control.close();
    }
  });
}

both("publish makes account, worker, version, deployment and routes", (control) => {
  control.publish(request("v1", { routes: ["b.test/*", "a.test/*"] }));
  assert.equal(control.listAccounts(), [{ id: "acme", createdAtMs: NOW }]);
  const active = {
    account: "acme",
    worker: "shop",
    deployedAtMs: NOW,
    versions: [{ versionId: "v1", percent: 100, configJson: '{"v":"v1"}' }],
    routes: ["a.test/*", "b.test/*"],
  };
  assert.equal(control.activeWorkers(), [active]);
  assert.equal(control.activeWorker("acme", "shop"), active);
  assert.is(control.activeWorker("acme", "other"), null);
  const version = control.loadVersion("v1");
  assert.equal(version?.packed, Uint8Array.of(1, 2, 3));
  assert.is(version?.packedBytes, 3);
  assert.is(control.loadVersion("v2"), null);
  assert.equal([...(control.loadCode("v1") ?? [])], [1, 2, 3]);
  assert.is(control.loadCode("v2"), null);
});

both("code that was read before is found again, read ahead or not, and goes with its worker", (control) => {
  control.publish(request("v1"));
  control.publish(request("v2", { packed: new Uint8Array(100_000) }));
  assert.equal(
    ["v1", "v1", "v2", "nothing"].map((id) => control.readCodeAhead(id)),
    [true, true, true, true],
  );
  for (let time = 0; time < 2; time++) {
    assert.equal([...(control.loadCode("v1") ?? [])], [1, 2, 3]);
    assert.is(control.loadCode("v2")?.length, 100_000);
  }
  control.deleteWorker("acme", "shop");
  assert.is(control.loadCode("v1"), null);
  assert.is(control.loadCode("v2"), null);
});

both("publish puts the new version in the place of the old one, and keeps the history", (control) => {
  control.publish(request("v1", { routes: ["a.test/*"] }));
  control.publish(request("v2", { createdAtMs: NOW + 1 }));
  assert.equal(
    control
      .activeWorkers()
      .map(({ versions, routes }) => [versions.map(({ versionId }) => versionId), routes]),
    [[["v2"], ["a.test/*"]]],
  );
  assert.equal(
    control.listVersions("acme", "shop").map(({ id }) => id),
    ["v2", "v1"],
  );
  assert.equal(
    control.listDeployments("acme", "shop").map(({ versions }) => versions[0]?.versionId),
    ["v2", "v1"],
  );
  assert.equal(control.loadVersion("v1")?.packed, Uint8Array.of(1, 2, 3));
});

both("publish refuses an id that is used and leaves everything as it was", (control) => {
  control.publish(request("v1", { routes: ["a.test/*"] }));
  throwsCode(
    () => control.publish(request("v1", { account: "evil", worker: "w", routes: ["e.test/*"] })),
    ControlConflict,
    "VERSION_EXISTS",
  );
  assert.is(control.activeWorkers().length, 1);
  assert.is(control.listAccounts().length, 1);
});

both("publish refuses a route of another worker as a whole", (control) => {
  control.publish(request("v1", { routes: ["a.test/*"] }));
  const error = throwsCode(
    () => control.publish(request("v2", { worker: "blog", routes: ["b.test/*", "a.test/*"] })),
    RouteTaken,
    "ROUTE_TAKEN",
  );
  assert.match(error.message, 'worker "shop"');
  assert.is(control.activeWorker("acme", "blog"), null);
  assert.is(control.loadVersion("v2"), null);
});

both("RouteTaken does not tell one account what another has", (control) => {
  control.publish(request("v1", { routes: ["a.test/*"] }));
  const error = throwsCode(
    () => control.publish(request("v2", { account: "evil", routes: ["a.test/*"] })),
    RouteTaken,
    "ROUTE_TAKEN",
  );
  assert.match(error.message, "another account");
  assert.not.match(error.message, "acme");
  assert.not.match(error.message, "shop");
});

both("setRoutes replaces routes and frees the old ones", (control) => {
  control.publish(request("v1", { routes: ["a.test/*"] }));
  control.setRoutes("acme", "shop", ["b.test/*", "b.test/*"]);
  assert.equal(control.activeWorker("acme", "shop")?.routes, ["b.test/*"]);
  control.publish(request("v2", { worker: "blog", routes: ["a.test/*"] }));
  throwsCode(() => control.setRoutes("acme", "shop", ["c.test/*", "a.test/*"]), RouteTaken, "ROUTE_TAKEN");
  assert.equal(control.activeWorker("acme", "shop")?.routes, ["b.test/*"]);
  throwsCode(() => control.setRoutes("acme", "none", []), ControlConflict, "NO_SUCH_WORKER");
});

both("deploy shares traffic between versions of the worker only", (control) => {
  control.publish(request("v1"));
  control.publish(request("v2"));
  control.publish(request("x1", { worker: "blog" }));
  const deploy = (...versions: [string, number][]): void =>
    control.deploy({
      account: "acme",
      worker: "shop",
      createdAtMs: NOW + 5,
      versions: versions.map(([versionId, percent]) => ({ versionId, percent })),
    });
  deploy(["v1", 10], ["v2", 90]);
  assert.equal(
    control.activeWorker("acme", "shop")?.versions.map(({ versionId, percent }) => [versionId, percent]),
    [
      ["v2", 90],
      ["v1", 10],
    ],
  );
  throwsCode(() => deploy(["x1", 100]), ControlConflict, "NO_SUCH_VERSION");
  throwsCode(() => deploy(["v1", 50]), ControlConflict, "BAD_DEPLOYMENT");
  throwsCode(() => deploy(["v1", 50], ["v1", 50]), ControlConflict, "BAD_DEPLOYMENT");
  throwsCode(() => deploy(["v1", 101], ["v2", -1]), ControlConflict, "BAD_DEPLOYMENT");
  throwsCode(() => deploy(), ControlConflict, "BAD_DEPLOYMENT");
  deploy(["v1", 100]);
  assert.equal(
    control.activeWorker("acme", "shop")?.versions.map(({ versionId }) => versionId),
    ["v1"],
  );
});

both("deleteWorker removes the worker with all that is its own", (control) => {
  control.publish(request("v1", { routes: ["a.test/*"] }));
  control.publish(request("v2"));
  control.publish(request("x1", { worker: "blog", routes: ["b.test/*"] }));
  assert.is(control.deleteWorker("acme", "shop"), true);
  assert.is(control.deleteWorker("acme", "shop"), false);
  assert.equal(
    control.activeWorkers().map(({ worker }) => worker),
    ["blog"],
  );
  assert.is(control.loadVersion("v1"), null);
  assert.equal(control.listDeployments("acme", "shop"), []);
  control.setRoutes("acme", "blog", ["a.test/*"]);
});

both("ensureNamespace gives one number per id, and never one twice", (control) => {
  const ensure = (account: string, id: string, title?: string): number =>
    control.ensureNamespace({ account, id, nowMs: NOW, ...(title === undefined ? {} : { title }) });
  const a = ensure("acme", "a");
  assert.is(ensure("acme", "a"), a);
  const b = ensure("acme", "b", "Bees");
  assert.is.not(a, b);
  const other = ensure("other", "a");
  assert.is.not(other, a, "two accounts share a namespace");
  assert.equal(control.listNamespaces("acme"), [
    { account: "acme", id: "a", title: "a", ns: a },
    { account: "acme", id: "b", title: "Bees", ns: b },
  ]);
  assert.is(control.deleteNamespace("evil", "b"), null);
  assert.is(control.deleteNamespace("acme", "b"), b);
  assert.is(control.deleteNamespace("acme", "b"), null);
  assert.ok(ensure("acme", "b") > b);
});

test("SqliteControl keeps its records when it is opened again", () => {
  using folder = tempFolder();
  const path = `${folder.path}/control.db`;
  const first = new SqliteControl(path);
  first.publish(request("v1", { routes: ["a.test/*"] }));
  const expected = first.activeWorkers();
  first.close();
  const second = new SqliteControl(path);
  assert.equal(second.activeWorkers(), expected);
  second.close();
});

test("ControlStore forgets the oldest versions and deployments, never what takes traffic, nor a number", () => {
  const control = new SqliteControl(":memory:");
  control.publish(request("first"));
  for (let n = 2; n <= 250; n++) control.publish(request(`v${n}`, { keepTraffic: true }));
  assert.equal(
    control.listVersions("acme", "shop").map(({ number }) => number),
    [...Array.from({ length: 100 }, (_, n) => 250 - n), 1],
  );
  assert.is(control.loadVersion("v150"), null);
  assert.is(control.loadVersion("first")?.number, 1);
  const deploy = (versionId: string): void =>
    control.deploy({
      account: "acme",
      worker: "shop",
      versions: [{ versionId, percent: 100 }],
      createdAtMs: NOW,
    });
  for (let n = 0; n < 150; n++) deploy(n % 2 === 0 ? "v250" : "v249");
  assert.is(control.listDeployments("acme", "shop").length, 100);
  throwsCode(() => deploy("v2"), ControlConflict, "NO_SUCH_VERSION");
  control.publish(request("last"));
  assert.is(control.loadVersion("first"), null);
  assert.is(control.listVersions("acme", "shop")[0]?.number, 251);
  control.publish(request("of another worker", { worker: "blog" }));
  assert.is(control.listVersions("acme", "blog").length, 1);
  control.close();
});

test("ControlStore keeps the numbers of versions from before they were stored", () => {
  using folder = tempFolder();
  const path = `${folder.path}/control.db`;
  {
    const control = new SqliteControl(path);
    for (const id of ["a", "b", "c"]) control.publish(request(id));
    control.publish(request("d", { worker: "blog" }));
    control.close();
  }
  const db = new Database(path);
  undoRecordUse(db);
  db.exec(
    `CREATE TABLE version_code (seq INTEGER PRIMARY KEY REFERENCES version ON DELETE CASCADE, packed BLOB NOT NULL);
     INSERT INTO version_code SELECT u.seq, c.packed FROM version_uses u JOIN code c ON c.id = u.code;
     DROP TABLE version_uses; DROP TABLE code;
     ALTER TABLE version DROP COLUMN number; DROP TABLE version_assets; DROP TABLE tail_consumer; DROP INDEX deployment_version_version; DROP INDEX version_alias; DROP INDEX audit_account; PRAGMA user_version = 5;`,
  );
  db.close();
  const control = new SqliteControl(path);
  control.publish(request("e"));
  const numbers = control.listVersions("acme", "shop").map(({ id, number }) => `${id}${number}`);
  assert.equal(numbers, ["e4", "c3", "b2", "a1"]);
  assert.is(control.loadVersion("d")?.number, 1);
  assert.equal(control.loadVersion("a")?.packed, Uint8Array.of(1, 2, 3));
  control.close();
});

test("a version is found by its alias without reading the configs of others", () => {
  using folder = tempFolder();
  const path = `${folder.path}/control.db`;
  new SqliteControl(path).close();
  const db = new Database(path, { readonly: true });
  const plan = db
    .prepare<[], { detail: string }>(
      `EXPLAIN QUERY PLAN SELECT id FROM version
       WHERE account = 'a' AND worker = 'w' AND json_extract(config, '$.alias') = 'x' ORDER BY seq DESC LIMIT 1`,
    )
    .all();
  db.close();
  assert.match(
    plan.map(({ detail }) => detail).join("\n"),
    /USING INDEX version_alias \(account=\? AND worker=\? AND <expr>=\?\)/,
  );
});

test("versions of a worker with the same code share it, and go with their worker", () => {
  using folder = tempFolder();
  const path = `${folder.path}/control.db`;
  const control = new SqliteControl(path);
  const db = new Database(path, { readonly: true });
  const count = (): number => db.prepare<[], { n: number }>("SELECT count(*) AS n FROM code").get()!.n;
  control.publish(request("a"));
  control.publish(request("b"));
  control.publish(request("c", { packed: Uint8Array.of(4, 5) }));
  control.publish(request("d", { worker: "else" }));
  control.publish(request("e", { account: "else" }));
  assert.is(count(), 4);
  assert.equal(control.loadVersion("b")?.packed, Uint8Array.of(1, 2, 3));
  assert.equal(control.loadVersion("c")?.packed, Uint8Array.of(4, 5));
  control.deleteWorker("acme", "shop");
  assert.is(count(), 2);
  assert.equal(control.loadVersion("d")?.packed, Uint8Array.of(1, 2, 3));
  db.close();
  control.close();
});

test("code is forgotten with the last version that uses it", () => {
  const db = new Database(":memory:");
  migrateControl(db, ":memory:");
  db.exec(
    "INSERT INTO account VALUES ('acme', 0); INSERT INTO worker (account, name, created_ms) VALUES ('acme', 'shop', 0);",
  );
  const add = (seq: number, ...packed: number[]): void => {
    db.prepare(
      "INSERT INTO version (seq, id, account, worker, created_ms, config, packed_bytes) VALUES (?, ?, 'acme', 'shop', 0, '{}', 1)",
    ).run(seq, `v${seq}`);
    keepCode(db, { account: "acme", worker: "shop", seq, packed: Uint8Array.from(packed) });
  };
  const kept = (): unknown => db.prepare("SELECT packed FROM code ORDER BY id").pluck().all();
  add(1, 1);
  add(2, 1);
  add(3, 3);
  db.exec("DELETE FROM version WHERE seq IN (1, 3)");
  forgetCode(db, "acme", "other");
  assert.equal(
    (kept() as Uint8Array[]).map(([byte]) => byte),
    [1, 3],
  );
  forgetCode(db, "acme", "shop");
  assert.equal(
    (kept() as Uint8Array[]).map(([byte]) => byte),
    [1],
  );
  db.exec("DELETE FROM version");
  forgetCode(db, "acme", "shop");
  assert.equal(kept(), []);
  db.close();
});

test("ControlStore lets an account have so many namespaces, and others theirs", () => {
  const control = new SqliteControl(":memory:");
  const ensure = (account: string, id: string): number =>
    control.ensureNamespace({ account, id, nowMs: NOW });
  for (let n = 0; n < MAX_NAMESPACES; n++) ensure("acme", `n${n}`);
  throwsCode(() => ensure("acme", "more"), ControlConflict, "TOO_MANY");
  assert.is(ensure("acme", "n0"), control.namespace("acme", "n0")?.ns);
  assert.is(typeof ensure("other", "more"), "number");
  assert.is(control.namespace("acme", "more"), null);
  control.close();
});

test.run();
