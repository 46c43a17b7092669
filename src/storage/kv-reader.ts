import type { Database, Statement } from "better-sqlite3";
import type { Bytes } from "./kv-store.ts";

/** A row, its value if that is small. */
export interface KvRow {
  readonly rev: number;
  readonly expires: number | null;
  readonly size: number;
  readonly meta: Bytes | null;
  readonly value: Bytes | null;
}

/** A key with what a list shows of it. Expired ones are among them: the caller leaves them out. */
export interface KvListRow {
  readonly key: Bytes;
  readonly expires: number | null;
  readonly meta: Bytes | null;
}

/**
 * Reads one namespace's file. Every statement is short (one row, one piece, or one window of keys),
 * because it runs on the host's event loop.
 */
export class KvReader {
  readonly #db: Database;
  readonly #row: Statement<[Bytes, number], KvRow>;
  readonly #piece: Statement<[number, number], { data: Bytes }>;
  readonly #from: Statement<[Bytes, number], KvListRow>;
  readonly #between: Statement<[Bytes, Bytes, number], KvListRow>;

  constructor(db: Database) {
    this.#db = db;
    this.#row = db.prepare(
      "SELECT rev, expires, size, meta, value FROM kv WHERE key = ? AND (expires IS NULL OR expires > ?)",
    );
    this.#piece = db.prepare("SELECT data FROM piece WHERE rev = ? AND n = ?");
    this.#from = db.prepare("SELECT key, expires, meta FROM kv WHERE key >= ? ORDER BY key LIMIT ?");
    this.#between = db.prepare(
      "SELECT key, expires, meta FROM kv WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
    );
  }

  /** The row of a key, unless it has expired. */
  row(key: Bytes, nowMs: number): KvRow | null {
    const row = this.#row.get(key, nowMs);
    return row === undefined ? null : { ...row, meta: plain(row.meta), value: plain(row.value) };
  }

  /** Piece `n` of a large value; null if it is gone. */
  piece(rev: number, n: number): Bytes | null {
    return plain(this.#piece.get(rev, n)?.data ?? null);
  }

  /** Up to `most` keys from `from` on and before `end`, in order. */
  keys(from: Bytes, end: Bytes | null, most: number): KvListRow[] {
    const rows = end === null ? this.#from.all(from, most) : this.#between.all(from, end, most);
    return rows.map((row) => ({ key: exact(row.key), expires: row.expires, meta: plain(row.meta) }));
  }

  close(): void {
    this.#db.close();
  }
}

function plain(bytes: Bytes | null): Bytes | null {
  return bytes === null ? null : exact(bytes);
}

// SQLite's results are Node Buffers; what leaves the store is an exact-size Uint8Array.
function exact(bytes: Bytes): Bytes {
  return bytes.byteLength === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : Uint8Array.from(bytes);
}
