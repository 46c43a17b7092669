import Database from "better-sqlite3";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { migrateControl } from "../../src/storage/control-schema.ts";
import { openControl } from "../../src/storage/open-control.ts";
import { type AuditBounds, SqliteAudit } from "../../src/storage/sqlite-audit.ts";
import { SqliteControl } from "../../src/storage/sqlite-control.ts";
import type { AuditQuery } from "../../src/storage/token-store.ts";
import { tempFolder } from "./temp-folder.ts";
import { undoRecordUse } from "./undo-record-use.ts";

/** An audit in a file, and a second look at that file. */
class Rig implements Disposable {
  readonly #folder = tempFolder();
  readonly path = `${this.#folder.path}/control.db`;
  readonly db = openControl(this.path);
  readonly audit: SqliteAudit;
  readonly #other: Database.Database;

  constructor(bounds: AuditBounds) {
    migrateControl(this.db, this.path);
    this.audit = new SqliteAudit(this.db, bounds);
    this.#other = new Database(this.path);
  }

  note(account: string, target = ""): void {
    this.audit.note({ atMs: 1, token: "t", account, action: "deploy", target });
  }

  /** Notes that are on the disk. */
  written(): number {
    return this.#other.prepare<[], { n: number }>("SELECT count(*) AS n FROM audit").get()!.n;
  }

  /** Lets nobody else write, until it is called. */
  lock(): () => void {
    this.db.pragma("busy_timeout = 0");
    this.#other.exec("BEGIN IMMEDIATE");
    return () => this.#other.exec("ROLLBACK");
  }

  /** Targets, the oldest first. */
  targets(query: Partial<AuditQuery> = {}): string[] {
    const { entries } = this.audit.page({ limit: 1_000, ...query });
    return entries.map(({ target }) => target).toReversed();
  }

  [Symbol.dispose](): void {
    this.#other.close();
    this.db.close();
    this.#folder[Symbol.dispose]();
  }
}

const LONG_MS = 600_000;

test("SqliteAudit writes a note at once, and those that follow closely before a look and when it is closed", () => {
  using rig = new Rig({ waitMs: LONG_MS });
  rig.note("a", "1");
  assert.is(rig.written(), 1);
  rig.note("a", "2");
  assert.is(rig.written(), 1);
  assert.equal(rig.targets(), ["1", "2"]);
  assert.is(rig.written(), 2);
  rig.note("a", "3");
  rig.audit.close();
  assert.is(rig.written(), 3);
});

test("SqliteAudit writes what it gathered when its time has come", async () => {
  using rig = new Rig({ waitMs: 100 });
  for (let n = 0; n < 20; n++) rig.note("a", String(n));
  while (rig.written() < 20) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.is(rig.targets().length, 20);
});

test("SqliteAudit lets no more notes wait than it may, and refuses more when they cannot be written", () => {
  using rig = new Rig({ waiting: 3, waitMs: LONG_MS });
  for (let n = 0; n < 5; n++) rig.note("a", String(n));
  assert.is(rig.written(), 4);
  const unlock = rig.lock();
  for (const target of ["5", "6"]) rig.note("a", target);
  assert.throws(() => rig.note("a", "lost"), /locked/);
  assert.throws(() => rig.audit.page({ limit: 1 }), /locked/);
  unlock();
  rig.note("a", "7");
  assert.equal(rig.targets(), ["0", "1", "2", "3", "4", "5", "6", "7"]);
});

test("SqliteAudit keeps a note that cannot be written at once", () => {
  using rig = new Rig({});
  const unlock = rig.lock();
  rig.note("a", "1");
  unlock();
  rig.note("a", "2");
  assert.equal(rig.targets(), ["1", "2"]);
});

test("SqliteAudit takes no notes once the database is closed", () => {
  using rig = new Rig({});
  rig.db.close();
  assert.throws(() => rig.note("a"), /the store is closed/);
  rig.audit.close();
});

test("SqliteControl.close writes notes that wait", () => {
  using folder = tempFolder();
  const path = `${folder.path}/control.db`;
  const first = new SqliteControl(path);
  first.tokens.note({ atMs: 1, token: "t", account: "a", action: "deploy", target: "shop" });
  first.close();
  const second = new SqliteControl(path);
  assert.is(second.tokens.audit({ limit: 1 }).entries[0]?.target, "shop");
  second.close();
});

test("SqliteAudit cuts long texts, and a page where it is large", () => {
  using rig = new Rig({ pageBytes: 5_000 });
  rig.audit.note({
    atMs: 1.5,
    token: "t".repeat(1_000_000),
    account: "a",
    action: "x".repeat(1_000_000),
    target: "y".repeat(1_000_000),
  });
  const [entry] = rig.audit.page({ limit: 1 }).entries;
  assert.equal([entry!.atMs, entry!.token.length, entry!.action.length], [1, 254, 254]);
  assert.is(entry!.target, `${"y".repeat(1_021)}…`);
  for (let n = 0; n < 10; n++) rig.note(n % 2 === 0 ? "a" : "b", String(n) + "z".repeat(1_000));
  const sizes: number[] = [];
  const targets: string[] = [];
  let before: number | null | undefined;
  while (before !== null) {
    const page = rig.audit.page({ limit: 7, ...(before !== undefined && { before }) });
    sizes.push(page.entries.length);
    targets.push(...page.entries.map(({ target }) => target[0]!));
    before = page.next;
  }
  assert.equal(sizes, [4, 4, 3]);
  assert.is(targets.join(""), "9876543210y");
  assert.is(rig.audit.page({ account: "a", limit: 2 }).entries.length, 2);
  assert.is(rig.audit.page({ limit: 4 }).entries.length, 4);
});

test("SqliteAudit gives an entry that alone is larger than a page", () => {
  using rig = new Rig({ pageBytes: 10 });
  for (const target of ["1", "2"]) rig.note("a", target);
  const { entries, next } = rig.audit.page({ limit: 5 });
  assert.equal(
    entries.map(({ target }) => target),
    ["2"],
  );
  assert.equal(rig.targets({ before: next! }), ["1"]);
});

test("SqliteAudit takes what is too much from the accounts that have most, however many notes they ever made", () => {
  using rig = new Rig({ rows: 12, rowsOfAccount: 6, waiting: 4 });
  rig.note("*", "operator");
  for (const account of ["quiet", "other"]) rig.note(account, account);
  // Of one account, as many as are kept of all, and more.
  for (let n = 0; n < 50; n++) rig.note("busy", `busy${n}`);
  assert.equal(rig.targets({ account: "quiet" }), ["operator", "quiet"]);
  assert.equal(rig.targets(), [
    "operator",
    "quiet",
    "other",
    ...[44, 45, 46, 47, 48, 49].map((n) => `busy${n}`),
  ]);
  for (let n = 0; n < 50; n++) rig.note("second", `second${n}`);
  const all = rig.targets();
  assert.is(all.length, 12);
  assert.equal(all.slice(0, 3), ["operator", "quiet", "other"]);
  const count = (name: string): number => all.filter((target) => target.startsWith(name)).length;
  assert.equal([count("busy"), count("second")].toSorted(), [4, 5]);
  // Counts are those of the file, after a start anew as well.
  const again = new SqliteAudit(rig.db, { rows: 12, rowsOfAccount: 6 });
  again.note({ atMs: 1, token: "t", account: "third", action: "deploy", target: "third" });
  assert.is(again.page({ limit: 100 }).entries.length, 12);
  assert.equal(rig.targets().slice(0, 3), ["operator", "quiet", "other"]);
  assert.is(rig.targets().at(-1), "third");
});

test("migrateControl cuts targets of notes that were kept whole", () => {
  using folder = tempFolder();
  const path = `${folder.path}/control.db`;
  new SqliteControl(path).close();
  const db = new Database(path);
  undoRecordUse(db);
  db.exec(`DROP INDEX audit_account; ALTER TABLE audit ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX audit_number ON audit (account, number);
    INSERT INTO audit (at_ms, token, account, action, target) VALUES
      (1, 't', 'a', 'x', printf('%.*c', 1000000, 'y')), (2, 't', 'a', 'x', 'short')`);
  const version = db.pragma("user_version", { simple: true }) as number;
  db.pragma(`user_version = ${version - 3}`);
  db.close();
  const control = new SqliteControl(path);
  const { entries } = control.tokens.audit({ limit: 5 });
  assert.equal(
    entries.map(({ target }) => target),
    ["short", `${"y".repeat(250)}…`],
  );
  control.close();
});

test.run();
