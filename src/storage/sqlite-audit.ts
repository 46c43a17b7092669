import type { Database } from "better-sqlite3";
import { auditExcess } from "./audit-excess.ts";
import { auditText } from "./audit-text.ts";
import { StorageClosed } from "./storage-closed.ts";
import type { AuditNote, AuditPage, AuditQuery, AuditRecord } from "./token-store.ts";

export interface AuditBounds {
  /** Notes that are kept. @default 200,000 */
  readonly rows?: number;
  /** Those of one account: who does much buries nobody else's. @default 10,000 */
  readonly rowsOfAccount?: number;
  /** Notes that wait for being written together. @default 500 */
  readonly waiting?: number;
  /** How long they wait at most, and what lies between two writes at least, in ms. @default 200 */
  readonly waitMs?: number;
  /** Of a page, as JSON, in bytes. @default 1 MiB */
  readonly pageBytes?: number;
}

const TARGET_BYTES = 1_024;
/** Ids, accounts and actions are far shorter. */
const NAME_BYTES = 256;
/** For a disk that is full, or a file that another process has locked. */
const RETRY_MS = 5_000;
const ROW = "a.seq, a.at_ms AS atMs, a.token, t.name AS tokenName, a.account, a.action, a.target";

/**
 * The audit in the control database. A note is written at once, but those that follow closely are gathered and written
 * together: each transaction waits for the disk, and the host waits with it.
 */
export class SqliteAudit {
  readonly #db: Database;
  readonly #bounds: Required<AuditBounds>;
  #waiting: AuditNote[] = [];
  #timer: NodeJS.Timeout | undefined;
  #wroteMs = -Infinity;
  /** Notes that are kept, by account; null until they are counted. */
  #counts: Map<string, number> | null = null;

  constructor(db: Database, bounds: AuditBounds = {}) {
    this.#db = db;
    this.#bounds = {
      rows: 200_000,
      rowsOfAccount: 10_000,
      waiting: 500,
      waitMs: 200,
      pageBytes: 1024 * 1024,
      ...bounds,
    };
  }

  /**
   * Keeps a note, which is on the disk at once, or soon after another one. Long texts of it are cut.
   * @throws StorageClosed, and what the database throws where no more notes can wait.
   */
  note({ atMs, token, account, action, target }: AuditNote): void {
    if (!this.#db.open) throw new StorageClosed();
    if (this.#waiting.length >= this.#bounds.waiting) this.#write();
    this.#waiting.push({
      atMs: Math.trunc(atMs),
      token: auditText(token, NAME_BYTES),
      account: auditText(account, NAME_BYTES),
      action: auditText(action, NAME_BYTES),
      target: auditText(target, TARGET_BYTES),
    });
    const leftMs = this.#wroteMs + this.#bounds.waitMs - performance.now();
    if (leftMs > 0) this.#timer ??= this.#writeIn(leftMs);
    else if (this.#timer === undefined) this.#tryWrite();
  }

  /** Newest first, as many as a page may have. @throws what the database throws */
  page({ account, sinceMs, before, limit }: AuditQuery): AuditPage {
    this.#write();
    const conditions = [
      ...(account === undefined ? [] : ["a.account IN (@account, '*')"]),
      ...(sinceMs === undefined ? [] : ["a.at_ms >= @sinceMs"]),
      ...(before === undefined ? [] : ["a.seq < @before"]),
    ];
    const rows = this.#db
      .prepare<[object], AuditRecord & { readonly seq: number }>(
        `SELECT ${ROW} FROM audit a LEFT JOIN token t ON t.id = a.token
         ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`} ORDER BY a.seq DESC LIMIT @limit`,
      )
      .iterate({ account, sinceMs, before, limit: limit + 1 });
    const entries: AuditRecord[] = [];
    let [sizeBytes, last] = [0, 0];
    for (const { seq, ...entry } of rows) {
      sizeBytes += Buffer.byteLength(JSON.stringify(entry));
      const isFull = entries.length === limit || sizeBytes > this.#bounds.pageBytes;
      if (isFull && entries.length > 0) return { entries, next: last };
      entries.push(entry);
      last = seq;
    }
    return { entries, next: null };
  }

  /** Writes what waits. @throws what the database throws; what could not be written is lost then */
  close(): void {
    if (!this.#db.open) return;
    try {
      this.#write();
    } finally {
      clearTimeout(this.#timer);
      this.#waiting = [];
    }
  }

  #writeIn(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      if (this.#db.open) this.#tryWrite();
    }, delayMs).unref();
  }

  #tryWrite(): void {
    try {
      this.#write();
    } catch {
      // They wait on. Whoever makes one too many, looks, or closes is told.
      this.#timer = this.#writeIn(RETRY_MS);
    }
  }

  #write(): void {
    if (this.#waiting.length === 0) return;
    const notes = this.#waiting;
    try {
      this.#db.transaction(() => this.#insert(notes)).immediate();
    } catch (error) {
      this.#counts = null;
      throw error;
    }
    this.#waiting = [];
    this.#wroteMs = performance.now();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #insert(notes: readonly AuditNote[]): void {
    this.#counts ??= this.#count();
    const insert = this.#db.prepare(
      "INSERT INTO audit (at_ms, token, account, action, target) VALUES (@atMs, @token, @account, @action, @target)",
    );
    for (const note of notes) {
      insert.run(note);
      this.#counts.set(note.account, (this.#counts.get(note.account) ?? 0) + 1);
    }
    for (const account of new Set(notes.map((note) => note.account)))
      this.#forget(account, this.#counts.get(account)! - this.#bounds.rowsOfAccount);
    let sum = 0;
    for (const count of this.#counts.values()) sum += count;
    for (const [account, count] of auditExcess(this.#counts, sum - this.#bounds.rows))
      this.#forget(account, count);
  }

  /** Forgets the oldest notes of an account. */
  #forget(account: string, count: number): void {
    if (count <= 0) return;
    this.#db
      .prepare(
        "DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE account = ? ORDER BY seq LIMIT ?)",
      )
      .run(account, count);
    const left = this.#counts!.get(account)! - count;
    if (left > 0) this.#counts!.set(account, left);
    else this.#counts!.delete(account);
  }

  #count(): Map<string, number> {
    const counts = this.#db.prepare<[], { account: string; count: number }>(
      "SELECT account, count(*) AS count FROM audit GROUP BY account",
    );
    return new Map(counts.all().map(({ account, count }) => [account, count]));
  }
}
