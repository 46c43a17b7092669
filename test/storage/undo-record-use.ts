import type Database from "better-sqlite3";

/** Makes a control database one of before the records of accounts were counted. The caller sets its version. */
export function undoRecordUse(db: Database.Database): void {
  const triggers = db
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.exec(
    "DROP TABLE kv_dropped; DROP TABLE account_use; DROP TABLE code_size; ALTER TABLE version DROP COLUMN kept_bytes",
  );
}
