import type { Database, Statement } from "better-sqlite3";
import type { SecretRecord } from "./secret-store.ts";

/** Bytes of a text, not characters. */
const bytesOf = (column: string): string => `length(CAST(${column} AS BLOB))`;

/** What a row counts as, by its table; `kept_bytes` of a version has its secrets, which go with it. */
const WORKER = (row: string): string => `4096 + ${bytesOf(`${row}.settings`)}`;
const VERSION = (row: string): string => `${row}.kept_bytes`;
const ROUTE = (row: string): string => `128 + ${bytesOf(`${row}.pattern`)}`;
const DEPLOYMENT = (row: string): string => `128 + ${bytesOf(`${row}.note`)}`;
const NAMESPACE = (row: string): string => `512 + ${bytesOf(`${row}.title`)}`;
const CODE = (row: string): string => `${row}.bytes`;

const COUNTED: readonly (readonly [table: string, bytes: (row: string) => string, changes?: string])[] = [
  ["worker", WORKER, "settings"],
  ["version", VERSION, "kept_bytes"],
  ["route", ROUTE],
  ["deployment", DEPLOYMENT],
  ["kv_namespace", NAMESPACE, "title"],
  ["code_size", CODE],
];

/**
 * A step of the control schema: the records of each account are counted, and triggers go on with it. They run where rows go
 * with others, too. The size of code stands beside it, since a deletion would read all of it to know how much it was.
 *
 * Its text is frozen by its release, and so are the pieces above that it is made of: whoever counts otherwise writes
 * another step, which makes the triggers anew and counts again.
 */
export const COUNT_RECORDS: string = `
  CREATE TABLE account_use (account TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE code_size (
    code INTEGER PRIMARY KEY REFERENCES code ON DELETE CASCADE, account TEXT NOT NULL, bytes INTEGER NOT NULL
  ) STRICT;
  INSERT INTO code_size (code, account, bytes) SELECT id, account, length(packed) FROM code;
  CREATE TRIGGER code_sized AFTER INSERT ON code BEGIN
    INSERT INTO code_size (code, account, bytes) VALUES (new.id, new.account, length(new.packed));
  END;
  ALTER TABLE version ADD COLUMN kept_bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE version SET kept_bytes = 1024 + ${bytesOf("config")} + ${bytesOf("note")} +
    (SELECT coalesce(sum(128 + length(sealed)), 0) FROM version_secret WHERE version_secret.version = version.id);
  INSERT INTO account_use (account, bytes) SELECT account, sum(bytes) FROM (
    ${COUNTED.map(([table, bytes]) => `SELECT account, ${bytes(table)} AS bytes FROM ${table}`).join(" UNION ALL ")}
  ) GROUP BY account;
  ${COUNTED.map(
    ([table, bytes, changes]) => `
  CREATE TRIGGER ${table}_counted AFTER INSERT ON ${table} BEGIN
    INSERT INTO account_use (account, bytes) SELECT new.account, 0
      WHERE NOT EXISTS (SELECT 1 FROM account_use WHERE account = new.account);
    UPDATE account_use SET bytes = bytes + (${bytes("new")}) WHERE account = new.account;
  END;
  CREATE TRIGGER ${table}_uncounted AFTER DELETE ON ${table} BEGIN
    UPDATE account_use SET bytes = bytes - (${bytes("old")}) WHERE account = old.account;
  END;
  ${
    changes === undefined
      ? ""
      : `CREATE TRIGGER ${table}_recounted AFTER UPDATE OF ${changes} ON ${table} BEGIN
    UPDATE account_use SET bytes = bytes - (${bytes("old")}) + (${bytes("new")}) WHERE account = new.account;
  END;`
  }`,
  ).join("")}
`;

/** What a version counts as beside its code, in bytes; the step above counts old ones alike. */
export function keptBytes(configJson: string, noteJson: string, secrets: readonly SecretRecord[]): number {
  const sealed = secrets.reduce((sum, secret) => sum + 128 + secret.sealed.length, 0);
  return 1_024 + Buffer.byteLength(configJson) + Buffer.byteLength(noteJson) + sealed;
}

/** What the records of accounts count as, in the control database. */
export class RecordUse {
  readonly #of: Statement<[string], { bytes: number }>;

  constructor(db: Database) {
    this.#of = db.prepare("SELECT bytes FROM account_use WHERE account = ?");
  }

  /** In bytes. */
  of(account: string): number {
    return this.#of.get(account)?.bytes ?? 0;
  }
}
