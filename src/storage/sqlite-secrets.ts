import type { Database } from "better-sqlite3";
import type { OwnedSecret, SecretRecord, SecretStore } from "./secret-store.ts";

const COLUMNS = "name, key_id AS keyId, sealed";

/** Secrets in the control database. */
export class SqliteSecrets implements SecretStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Stores the secrets of a version that is being stored. */
  add(versionId: string, secrets: readonly SecretRecord[]): void {
    const insert = this.#db.prepare(
      "INSERT INTO version_secret (version, name, key_id, sealed) VALUES (?, ?, ?, ?)",
    );
    for (const { name, keyId, sealed } of secrets) insert.run(versionId, name, keyId, sealed);
  }

  ofVersion(versionId: string): SecretRecord[] {
    return this.#db
      .prepare<[string], SecretRecord>(
        `SELECT ${COLUMNS} FROM version_secret WHERE version = ? ORDER BY name`,
      )
      .all(versionId)
      .map((row) => plain(row));
  }

  ofNewest(account: string, worker: string): SecretRecord[] {
    const newest = this.#db
      .prepare<[string, string], { id: string }>(
        "SELECT id FROM version WHERE account = ? AND worker = ? ORDER BY seq DESC LIMIT 1",
      )
      .get(account, worker);
    return newest === undefined ? [] : this.ofVersion(newest.id);
  }

  keyIds(): string[] {
    return this.#db
      .prepare<[], { id: string }>("SELECT DISTINCT key_id AS id FROM version_secret ORDER BY 1")
      .all()
      .map(({ id }) => id);
  }

  all(): OwnedSecret[] {
    return this.#db
      .prepare<[], OwnedSecret>(
        `SELECT ${COLUMNS}, version AS versionId, account, worker
         FROM version_secret JOIN version ON version.id = version_secret.version`,
      )
      .all()
      .map((row) => plain(row));
  }

  replace(secrets: readonly OwnedSecret[]): void {
    const update = this.#db.prepare(
      "UPDATE version_secret SET key_id = ?, sealed = ? WHERE version = ? AND name = ?",
    );
    this.#db
      .transaction(() => {
        for (const { keyId, sealed, versionId, name } of secrets) update.run(keyId, sealed, versionId, name);
      })
      .immediate();
  }
}

/** With bytes of its own in place of the driver's. */
function plain<T extends SecretRecord>(row: T): T {
  return { ...row, sealed: Uint8Array.from(row.sealed) };
}
