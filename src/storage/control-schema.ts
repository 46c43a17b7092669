import type { Database } from "better-sqlite3";
import { COUNT_RECORDS } from "./record-use.ts";
import { StorageTooNew } from "./storage-too-new.ts";

/**
 * Steps from one schema version to the next; `user_version` says how many were taken. A step that
 * was released is never changed: append another.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE account (id TEXT PRIMARY KEY, created_ms INTEGER NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE worker (
    account TEXT NOT NULL REFERENCES account, name TEXT NOT NULL, created_ms INTEGER NOT NULL, PRIMARY KEY (account, name)
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE version (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, worker TEXT NOT NULL,
    created_ms INTEGER NOT NULL, config TEXT NOT NULL, packed_bytes INTEGER NOT NULL,
    FOREIGN KEY (account, worker) REFERENCES worker ON DELETE CASCADE
  ) STRICT;
  CREATE INDEX version_worker ON version (account, worker, seq);
  CREATE TABLE version_code (
    seq INTEGER PRIMARY KEY REFERENCES version ON DELETE CASCADE, packed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE deployment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, worker TEXT NOT NULL, created_ms INTEGER NOT NULL,
    FOREIGN KEY (account, worker) REFERENCES worker ON DELETE CASCADE
  ) STRICT;
  CREATE INDEX deployment_worker ON deployment (account, worker, id);
  CREATE TABLE deployment_version (
    deployment INTEGER NOT NULL REFERENCES deployment ON DELETE CASCADE, version TEXT NOT NULL REFERENCES version (id),
    percent REAL NOT NULL, PRIMARY KEY (deployment, version)
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE route (
    pattern TEXT PRIMARY KEY, account TEXT NOT NULL, worker TEXT NOT NULL,
    FOREIGN KEY (account, worker) REFERENCES worker ON DELETE CASCADE
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX route_worker ON route (account, worker);
  CREATE TABLE kv_namespace (
    ns INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, account TEXT NOT NULL REFERENCES account,
    title TEXT NOT NULL, created_ms INTEGER NOT NULL, UNIQUE (account, id)
  ) STRICT;
  `,
  `
  ALTER TABLE version ADD COLUMN note TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE deployment ADD COLUMN note TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE worker ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
  CREATE TABLE token (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, name TEXT NOT NULL, accounts TEXT NOT NULL,
    permissions TEXT NOT NULL, created_ms INTEGER NOT NULL, expires_ms INTEGER, revoked_ms INTEGER
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, token TEXT NOT NULL, account TEXT NOT NULL,
    action TEXT NOT NULL, target TEXT NOT NULL
  ) STRICT;
  `,
  // No reference to `worker`: deleting a worker does not clear its name.
  `
  CREATE TABLE strike (
    account TEXT NOT NULL, worker TEXT NOT NULL, strikes TEXT NOT NULL, pauses INTEGER NOT NULL, last_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (account, worker)
  ) WITHOUT ROWID, STRICT;
  `,
  `
  CREATE TABLE cron (
    account TEXT NOT NULL, worker TEXT NOT NULL, expression TEXT NOT NULL, PRIMARY KEY (account, worker, expression),
    FOREIGN KEY (account, worker) REFERENCES worker ON DELETE CASCADE
  ) WITHOUT ROWID, STRICT;
  `,
  `
  CREATE TABLE version_secret (
    version TEXT NOT NULL REFERENCES version (id) ON DELETE CASCADE, name TEXT NOT NULL, key_id TEXT NOT NULL,
    sealed BLOB NOT NULL, PRIMARY KEY (version, name)
  ) WITHOUT ROWID, STRICT;
  `,
  // Numbers were counted before old versions were forgotten.
  `
  ALTER TABLE version ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
  UPDATE version SET number = (
    SELECT count(*) FROM version b WHERE b.account = version.account AND b.worker = version.worker AND b.seq <= version.seq
  );
  CREATE INDEX deployment_version_version ON deployment_version (version);
  `,
  // No reference to the consumer: it may be deleted, and come back.
  `
  CREATE TABLE tail_consumer (
    account TEXT NOT NULL, worker TEXT NOT NULL, consumer TEXT NOT NULL, PRIMARY KEY (account, worker, consumer),
    FOREIGN KEY (account, worker) REFERENCES worker ON DELETE CASCADE
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX tail_consumer_consumer ON tail_consumer (account, consumer);
  `,
  `
  CREATE TABLE version_assets (
    version TEXT PRIMARY KEY REFERENCES version (id) ON DELETE CASCADE, account TEXT NOT NULL, manifest TEXT NOT NULL
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX version_assets_account ON version_assets (account, manifest);
  `,
  // Versions of a worker that have the same code share it. What is there is not compared: it is as many as it was.
  `
  CREATE TABLE code (
    id INTEGER PRIMARY KEY, account TEXT NOT NULL, worker TEXT NOT NULL, digest BLOB NOT NULL, packed BLOB NOT NULL,
    UNIQUE (account, worker, digest), FOREIGN KEY (account, worker) REFERENCES worker ON DELETE CASCADE
  ) STRICT;
  CREATE TABLE version_uses (
    seq INTEGER PRIMARY KEY REFERENCES version ON DELETE CASCADE, code INTEGER NOT NULL REFERENCES code (id)
  ) STRICT;
  CREATE INDEX version_uses_code ON version_uses (code);
  INSERT INTO code (id, account, worker, digest, packed)
    SELECT v.seq, v.account, v.worker, randomblob(32), c.packed FROM version v JOIN version_code c USING (seq);
  INSERT INTO version_uses (seq, code) SELECT seq, seq FROM version_code;
  DROP TABLE version_code;
  `,
  // Anyone may ask for any preview: configs, which can be large, are not read for that.
  `CREATE INDEX version_alias ON version (account, worker, json_extract(config, '$.alias'));`,
  // Counts the records of each account, so that its oldest are found.
  `
  ALTER TABLE audit ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
  UPDATE audit SET number = counted.number
    FROM (SELECT seq, row_number() OVER (PARTITION BY account ORDER BY seq) AS number FROM audit) counted
    WHERE counted.seq = audit.seq;
  CREATE INDEX audit_number ON audit (account, number);
  `,
  // The index ends with `seq`, so that an account's oldest records are found. Targets of records are bounded.
  `
  DROP INDEX audit_number;
  ALTER TABLE audit DROP COLUMN number;
  CREATE INDEX audit_account ON audit (account);
  UPDATE audit SET target = substr(target, 1, 250) || '…' WHERE length(CAST(target AS BLOB)) > 1024;
  `,
  COUNT_RECORDS,
  `CREATE TABLE kv_dropped (ns INTEGER PRIMARY KEY) STRICT;`,
];

/**
 * Brings a control database to the present schema, all steps or none.
 * @throws {StorageTooNew} if a newer Skerry has been here.
 */
export function migrateControl(db: Database, path: string): void {
  const found = db.pragma("user_version", { simple: true }) as number;
  if (found > MIGRATIONS.length) throw new StorageTooNew(path, found, MIGRATIONS.length);
  if (found === MIGRATIONS.length) return;
  db.transaction(() => {
    for (const step of MIGRATIONS.slice(found)) db.exec(step);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  }).immediate();
}
