import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { ROOM_OF_ALL } from "./kv-room.ts";
import { StorageTooNew } from "./storage-too-new.ts";

/** Values up to this size stand in their row; larger ones are cut into rows of this size. */
export const PIECE_BYTES: number = 64 * 1024;
/** How long the pieces of a replaced or expired value stay readable for those who had begun. */
export const GRACE_MS = 60_000;

/** How a commit reaches the disk: `full` survives a power loss, `normal` only the death of the process. */
export type KvSync = "full" | "normal";

// The value comes last, so that a list never walks over it. A value in pieces is null in `kv`, and its
// pieces are named by the rev: those of an older value are never touched by a newer one.
const SCHEMA = `
CREATE TABLE kv (key BLOB PRIMARY KEY, rev INTEGER NOT NULL, expires INTEGER, size INTEGER NOT NULL, meta BLOB, value BLOB)
  WITHOUT ROWID, STRICT;
CREATE INDEX kv_expires ON kv (expires) WHERE expires IS NOT NULL;
CREATE TABLE piece (rev INTEGER NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (rev, n)) WITHOUT ROWID, STRICT;
CREATE TABLE garbage (rev INTEGER PRIMARY KEY, at INTEGER NOT NULL, size INTEGER NOT NULL) STRICT;
CREATE TABLE counter (rev INTEGER NOT NULL, room INTEGER NOT NULL) STRICT;
PRAGMA user_version = 2;
`;

// Of a file from before there were quotas: it is read once. Its release freezes it, and with it the numbers of `kv-room.ts`.
const COUNT_ROOM = `
ALTER TABLE counter ADD COLUMN room INTEGER NOT NULL DEFAULT 0;
UPDATE counter SET room = (${ROOM_OF_ALL});
PRAGMA user_version = 2;
`;
const VERSION = 2;

/** Path of a namespace's file. `ns` is the host's own number, so no tenant's text is in it. */
export function kvPath(folder: string, ns: number): string {
  if (!Number.isSafeInteger(ns) || ns < 1)
    throw new RangeError(`ns must be a positive integer, but is ${ns}`);
  return join(folder, `${ns}.db`);
}

/** Opens a namespace's file to write, and makes it if it is not there. */
export function openKvWriter(path: string, sync: KvSync, nowMs: number): Database.Database {
  if (!existsSync(path)) createKvFile(path, nowMs);
  const db = new Database(path, { fileMustExist: true, timeout: 5_000 });
  try {
    db.pragma("journal_mode = WAL");
    db.pragma(`synchronous = ${sync === "full" ? "FULL" : "NORMAL"}`);
    db.pragma("journal_size_limit = 16777216");
    db.pragma("cache_size = -1024");
    const version = db.pragma("user_version", { simple: true }) as number;
    if (version > VERSION) throw new StorageTooNew(path, version, VERSION);
    if (version < VERSION) db.transaction(() => db.exec(COUNT_ROOM)).immediate();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens a namespace's file to read; null if there is none yet. */
export function openKvReader(path: string): Database.Database | null {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 1_000 });
    db.pragma("cache_size = -1024");
    return db;
  } catch (error) {
    if (!existsSync(path)) return null;
    throw error;
  }
}

/** Removes a namespace's file and what SQLite keeps beside it. */
export function removeKvFile(path: string): void {
  removeFiles(path);
  syncPath(dirname(path));
}

// Made under another name and renamed when it is whole: a reader sees no file or a complete one.
function createKvFile(path: string, nowMs: number): void {
  const draft = `${path}.new`;
  removeFiles(draft);
  const db = new Database(draft);
  try {
    db.pragma("auto_vacuum = INCREMENTAL");
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = OFF");
    db.exec(SCHEMA);
    // Begins at the clock, so that a dropped and re-made namespace does not repeat its revs either.
    db.prepare("INSERT INTO counter (rev, room) VALUES (?, 0)").run(Math.max(0, Math.floor(nowMs)) * 1_000);
  } finally {
    db.close();
  }
  // Once, when it is whole; before it has its name nobody relies on it.
  syncPath(draft);
  // What a dropped file of this name may have left: SQLite would take an old log for the new file's.
  removeFiles(path);
  renameSync(draft, path);
  syncPath(dirname(path));
}

function removeFiles(path: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
}

// Makes a file's bytes, or the names in a folder, durable.
function syncPath(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
