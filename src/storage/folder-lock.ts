import { readFileSync, rmSync, writeFileSync, renameSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { DataFolderInUse } from "./data-folder-in-use.ts";
import type { FolderHolder } from "./data-folder-in-use.ts";

/** Those that are held: one of a folder that nobody has in his hands any more would be collected, and its file closed. */
const held = new Set<FolderLock>();

/**
 * Holds a folder for one host. The lock is an open exclusive transaction on `lock.db`: the operating
 * system frees it however the process ends, and SQLite refuses a second one within the process too.
 * `holder.json` beside it is for people and for the error of whoever comes second.
 */
export class FolderLock {
  readonly #db: Database.Database;
  readonly #holderPath: string;

  /** @throws {DataFolderInUse} if somebody holds the folder. */
  constructor(folder: string) {
    this.#holderPath = join(folder, "holder.json");
    this.#db = new Database(join(folder, "lock.db"), { timeout: 0 });
    try {
      this.#db.exec("BEGIN EXCLUSIVE");
    } catch (cause) {
      this.#db.close();
      if (!isBusy(cause)) throw cause;
      throw new DataFolderInUse(folder, readHolder(this.#holderPath));
    }
    const holder: FolderHolder = {
      pid: process.pid,
      hostName: hostname(),
      since: new Date().toISOString(),
      command: process.argv.slice(1).join(" "),
    };
    // Renamed into place, so that a reader never sees half of it.
    writeFileSync(`${this.#holderPath}.new`, `${JSON.stringify(holder, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.#holderPath}.new`, this.#holderPath);
    held.add(this);
  }

  /** Gives the folder free. */
  release(): void {
    if (!this.#db.open) return;
    held.delete(this);
    rmSync(this.#holderPath, { force: true });
    this.#db.exec("ROLLBACK");
    this.#db.close();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

function readHolder(path: string): FolderHolder | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as FolderHolder;
  } catch {
    return null;
  }
}
