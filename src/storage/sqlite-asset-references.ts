import type { Database } from "better-sqlite3";
import type { AssetReferences } from "./asset-references.ts";

/** References to assets in the control database: they go with their versions. */
export class SqliteAssetReferences implements AssetReferences {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Stores what a version names that is being stored. */
  add(versionId: string, account: string, manifest: string): void {
    this.#db
      .prepare("INSERT INTO version_assets (version, account, manifest) VALUES (?, ?, ?)")
      .run(versionId, account, manifest);
  }

  ofAccount(account: string): string[] {
    return this.#db
      .prepare<[string], { manifest: string }>(
        "SELECT DISTINCT manifest FROM version_assets WHERE account = ?",
      )
      .all(account)
      .map(({ manifest }) => manifest);
  }
}
