import { existsSync, readdirSync } from "node:fs";
import type { Database, Statement } from "better-sqlite3";
import type { KvFileUse } from "./kv-accounts.ts";
import { GRACE_MS, PIECE_BYTES } from "./kv-file.ts";
import { PAGE_BYTES, roomOf } from "./kv-room.ts";
import type { Bytes } from "./kv-store.ts";
import { CONFLICT, FULL, mostAdded, type KvWrite } from "./kv-write.ts";

const PURGE_ROWS = 200;
/** Freed pages that a file keeps for what is put next. */
const KEPT_PAGES = 1_024;
/** Pages that one step gives back to the disk. */
const VACUUM_PAGES = 256;

/** What a namespace may hold. */
export interface KvBounds {
  /** By how much it may grow, in bytes as entries count. */
  readonly room: number;
  /** Replaced large values that it may keep for readers, in bytes. */
  readonly garbage: number;
}

interface Existing {
  readonly rev: number;
  readonly expires: number | null;
  readonly size: number;
  readonly meta: number | null;
  readonly cut: 0 | 1;
}

const EXISTING = "rev, expires, size, length(meta) AS meta, value IS NULL AS cut";

/** Writes one namespace's file, in the writer thread. */
export class KvWriter {
  readonly #db: Database;
  readonly #counter: Statement<[], { rev: number; room: number }>;
  readonly #setCounter: Statement<[number, number]>;
  readonly #freePages: Statement<[], number>;
  readonly #existing: Statement<[Bytes], Existing>;
  readonly #put: Statement<[Bytes, number, number | null, number, Bytes | null, Bytes | null]>;
  readonly #delete: Statement<[Bytes]>;
  readonly #addPiece: Statement<[number, number, Bytes]>;
  readonly #dropPieces: Statement<[number]>;
  readonly #addGarbage: Statement<[number, number, number]>;
  readonly #dropGarbage: Statement<[number]>;
  readonly #garbage: Statement<[], { rev: number; at: number; size: number }>;
  readonly #expired: Statement<[number, number], Existing & { readonly key: Bytes }>;
  #room: number;
  #garbageBytes: number;
  /** Pages. */
  #free: number;

  constructor(db: Database) {
    this.#db = db;
    this.#counter = db.prepare("SELECT rev, room FROM counter");
    this.#setCounter = db.prepare("UPDATE counter SET rev = ?, room = ?");
    this.#freePages = db.prepare<[], number>("PRAGMA freelist_count").pluck();
    this.#existing = db.prepare(`SELECT ${EXISTING} FROM kv WHERE key = ?`);
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
      `SELECT key, ${EXISTING} FROM kv WHERE expires IS NOT NULL AND expires <= ? ORDER BY expires LIMIT ?`,
    );
    this.#room = this.#counter.get()?.room ?? 0;
    this.#garbageBytes = this.#garbage.all().reduce((sum, { size }) => sum + size, 0);
    this.#free = this.#freePages.get() ?? 0;
  }

  /** What the file holds. */
  get use(): KvFileUse {
    return { room: this.#room, free: this.#free * PAGE_BYTES, garbage: this.#garbageBytes };
  }

  /** Whether there is something to give back to the disk. */
  get isLoose(): boolean {
    return this.#free > KEPT_PAGES;
  }

  /**
   * Does the writes in order; gives each put's rev, {@link CONFLICT} or {@link FULL}, 0 for a delete. The caller
   * has begun a transaction and commits it; if that fails, this is of no use any more.
   */
  apply(writes: Iterable<KvWrite>, nowMs: number, bounds: KvBounds): number[] {
    const { rev: before = 0, room: roomBefore = 0 } = this.#counter.get() ?? {};
    const most = roomBefore + bounds.room;
    let rev = before;
    let room = roomBefore;
    let cut = false;
    const revs: number[] = [];
    for (const write of writes) {
      if (write.kind === "drop") throw new Error("a drop is not part of a transaction");
      const existing = this.#existing.get(write.key);
      const held = existing === undefined ? 0 : roomOfExisting(write.key, existing);
      if (write.kind === "put") {
        if (write.ifRev !== null && write.ifRev !== liveRev(existing, nowMs)) {
          revs.push(CONFLICT);
          continue;
        }
        const more = mostAdded(write) - held;
        if (more > 0 && room + more > most) {
          revs.push(FULL);
          continue;
        }
        room += more;
      } else room -= held;
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
    if (rev !== before || room !== roomBefore) this.#setCounter.run(rev, room);
    this.#room = room;
    if (cut) this.#clean(nowMs, bounds.garbage);
    // Here, where the transaction has the page that says it.
    this.#free = this.#freePages.get() ?? 0;
    return revs;
  }

  /**
   * Removes some of what nobody can see any more, and gives back some of the pages that are free; true if there is
   * more of either.
   */
  purge(nowMs: number, garbageBytes: number): boolean {
    let more = false;
    this.transaction(() => {
      const { rev = 0, room = 0 } = this.#counter.get() ?? {};
      let freed = 0;
      const expired = this.#expired.all(nowMs - GRACE_MS, PURGE_ROWS);
      for (const row of expired) {
        freed += roomOfExisting(row.key, row);
        this.#delete.run(row.key);
        if (row.cut === 1) this.#dropPieces.run(row.rev);
      }
      if (freed > 0) this.#setCounter.run(rev, room - freed);
      this.#room = room - freed;
      more = expired.length === PURGE_ROWS;
      this.#clean(nowMs, garbageBytes);
    });
    this.#db.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
    this.#free = this.#freePages.get() ?? 0;
    return more || this.isLoose;
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
  #clean(nowMs: number, mostBytes: number): void {
    let kept = 0;
    let isOver = false;
    for (const { rev, at, size } of this.#garbage.all()) {
      isOver ||= kept + size > mostBytes;
      if (at > nowMs - GRACE_MS && !isOver) {
        kept += size;
        continue;
      }
      this.#dropPieces.run(rev);
      this.#dropGarbage.run(rev);
    }
    this.#garbageBytes = kept;
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

function roomOfExisting(key: Bytes, { size, meta }: Existing): number {
  return roomOf(key.length + size + (meta ?? 0));
}

function liveRev(existing: Existing | undefined, nowMs: number): number {
  if (existing === undefined || (existing.expires !== null && existing.expires <= nowMs)) return 0;
  return existing.rev;
}
