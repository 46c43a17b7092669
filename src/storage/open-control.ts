import Database from "better-sqlite3";
import { StorageDamaged } from "./storage-damaged.ts";

/**
 * Opens the file of the control records, and makes it if it is not there.
 * @param path `:memory:` keeps them in memory.
 * @throws {StorageDamaged}
 */
export function openControl(path: string): Database.Database {
  const db = new Database(path);
  try {
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma("foreign_keys = ON");
    const finding = db.pragma("quick_check(1)", { simple: true });
    if (finding !== "ok") throw new StorageDamaged(path, String(finding));
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) {
      throw new StorageDamaged(path, error.message, { cause: error });
    }
    throw error;
  }
}
