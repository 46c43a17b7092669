import { existsSync, readdirSync } from "node:fs";
import type { Database, Statement } from "better-sqlite3";
import { GRACE_MS, PIECE_BYTES } from "./kv-file.ts";
import type { Bytes } from "./kv-store.ts";
import type { KvWrite } from "./kv-write.ts";

/** Bytes of replaced large values that a namespace keeps for readers that had begun. */
const GARBAGE_BYTES = 64 * 1024 ** 2;
const PURGE_ROWS = 200;

interface Existing {
  readonly rev: number;
  readonly expires: number | null;
  readonly size: number;
  readonly cut: 0 | 1;
}

/** Writes one namespace's file, in the writer thread. */
export class KvWriter {
  readonly #db: Database;
  readonly #counter: Statement<[], { rev: number }>;
  readonly #setCounter: Statement<[number]>;
  readonly #existing: Statement<[Bytes], Existing>;
  readonly #put: Statement<[Bytes, number, number | null, number, Bytes | null, Bytes | null]>;
  readonly #delete: Statement<[Bytes]>;
  readonly #addPiece: Statement<[number, number, Bytes]>;
  readonly #dropPieces: Statement<[number]>;
  readonly #addGarbage: Statement<[number, number, number]>;
  readonly #dropGarbage: Statement<[number]>;
  readonly #garbage: Statement<[], { rev: number; at: number; size: number }>;
  readonly #expired: Statement<[number, number], { key: Bytes; rev: number; cut: 0 | 1 }>;

  constructor(db: Database) {
    this.#db = db;
    this.#counter = db.prepare("SELECT rev FROM counter");
    this.#setCounter = db.prepare("UPDATE counter SET rev = ?");
    this.#existing = db.prepare("SELECT rev, expires, size, value IS NULL AS cut FROM kv WHERE key = ?");
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO kv (key, rev, expires, size, meta, value) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#delete = db.prepare("DELETE FROM kv WHERE key = ?");
    this.#addPiece = db.prepare("INSERT INTO piece (rev, n, data) VALUES (?, ?, ?)");
    this.#dropPieces = db.prepare("DELETE FROM piece WHERE rev = ?");
    this.#addGarbage = db.prepare("INSERT INTO garbage (rev, at, size) VALUES (?, ?, ?)");
    this.#dropGarbage = db.prepare("DELETE FROM garbage WHERE rev = ?");
    this.#garbage = db.prepare("SELECT rev, at, size FROM garbage ORDER BY at DESC, rev DESC");
    this.#expired = db.prepare(
      "SELECT key, rev, value IS NULL AS cut FROM kv WHERE expires IS NOT NULL AND expires <= ? ORDER BY expires LIMIT ?",
    );
  }

  /**
   * Does the writes in order; gives each put's rev, -1 for a conflict, 0 for a delete. The caller
   * has begun a transaction and commits it.
   */
  apply(writes: Iterable<KvWrite>, nowMs: number): number[] {
    const before = this.#counter.get()?.rev ?? 0;
    let rev = before;
    let cut = false;
    const revs: number[] = [];
    for (const write of writes) {
      if (write.kind === "drop") throw new Error("a drop is not part of a transaction");
      const existing = this.#existing.get(write.key);
      if (write.kind === "put" && write.ifRev !== null && write.ifRev !== liveRev(existing, nowMs)) {
        revs.push(-1);
        continue;
      }
      if (existing?.cut === 1) {
        this.#addGarbage.run(existing.rev, nowMs, existing.size);
        cut = true;
      }
      if (write.kind === "delete") {
        if (existing !== undefined) this.#delete.run(write.key);
        revs.push(0);
        continue;
      }
      this.#write(write, ++rev);
      revs.push(rev);
    }
    if (rev !== before) this.#setCounter.run(rev);
    if (cut) this.#clean(nowMs);
    return revs;
  }

  /** Removes some of what nobody can see any more; true if there is more of it. */
  purge(nowMs: number): boolean {
    let more = false;
    this.transaction(() => {
      const expired = this.#expired.all(nowMs - GRACE_MS, PURGE_ROWS);
      for (const row of expired) {
        this.#delete.run(row.key);
        if (row.cut === 1) this.#dropPieces.run(row.rev);
      }
      more = expired.length === PURGE_ROWS;
      this.#clean(nowMs);
    });
    this.#db.pragma("incremental_vacuum(256)");
    return more;
  }

  /** Runs `work` in a transaction. `onCommit` is called when only the commit is left. */
  transaction(work: () => void, onCommit?: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      work();
      onCommit?.();
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }

  #write(put: KvWrite & { kind: "put" }, rev: number): void {
    const { key, value } = put;
    const small = value.length <= PIECE_BYTES;
    this.#put.run(key, rev, put.expires, value.length, put.meta, small ? value : null);
    if (small) return;
    for (let n = 0, at = 0; at < value.length; n++, at += PIECE_BYTES) {
      this.#addPiece.run(rev, n, value.subarray(at, at + PIECE_BYTES));
    }
  }

  // Pieces of replaced values: the old ones go, and what is over the cap, oldest first.
  #clean(nowMs: number): void {
    let kept = 0;
    for (const { rev, at, size } of this.#garbage.all()) {
      kept += size;
      if (at > nowMs - GRACE_MS && kept <= GARBAGE_BYTES) continue;
      this.#dropPieces.run(rev);
      this.#dropGarbage.run(rev);
    }
  }
}

/** Numbers of the namespaces that have a file in the folder. */
export function listNamespaceFiles(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const match = /^(\d+)\.db$/.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
}

function liveRev(existing: Existing | undefined, nowMs: number): number {
  if (existing === undefined || (existing.expires !== null && existing.expires <= nowMs)) return 0;
  return existing.rev;
}
