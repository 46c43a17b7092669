import type { Database, Statement } from "better-sqlite3";
import { CacheListing } from "./cache-listing.ts";
import { keysAlike, MAX_SEEN } from "./cache-keys.ts";
import type { CacheInsert, CacheRow, CacheUses, GoneFiles, Removed } from "./cache-row.ts";
import type {
  CacheKey,
  CacheLatitude,
  CacheQuota,
  CacheSelection,
  CacheSource,
  CacheVary,
} from "./cache-store.ts";
import { VaryMatch } from "./cache-vary.ts";
import type { Bytes } from "./kv-store.ts";

/** What an entry weighs beside its body, headers and vary values: its share of the tables. */
const ENTRY_BYTES = 512;
/** Variants of one URL; beyond them the one used least recently goes. */
const MAX_VARIANTS = 32;
const EVICT_AT_ONCE = 64;
const SWEEP_AT_ONCE = 500;
const REMOVE_AT_ONCE = 500;
const ROW =
  "SELECT id, status, status_text AS statusText, headers, url, source, stored_ms AS storedMs, expires_ms AS expiresMs, age_s AS ageS, size AS sizeBytes, file, vary, body FROM entry WHERE id = ?";

interface VariantRow {
  readonly id: number;
  readonly vary: string;
}
interface AlikeRow {
  readonly vary: string;
  readonly expiresMs: number;
}
interface GoneRow {
  readonly id: number;
  readonly file: string | null;
}
interface DyingRow extends GoneRow {
  readonly expiresMs: number;
  readonly vary: string;
}
type FoundRow = Omit<CacheRow, "vary" | "source"> & { readonly vary: string; readonly source: string | null };

/** Which responses there are, in SQLite. Synchronous: it lives in a thread of its own, or in memory. */
export class CacheIndex {
  /** What is in it, without the responses. */
  readonly listing: CacheListing;
  readonly #db: Database;
  readonly #variants: Statement<[string, Bytes, string, number], VariantRow>;
  readonly #alike: Statement<[string, Bytes, Bytes, string, number], { readonly id: number }>;
  readonly #alikeRow: Statement<[number], AlikeRow>;
  readonly #row: Statement<[number], FoundRow>;
  readonly #listed: Statement<[number, string, Bytes, string, number], FoundRow>;
  readonly #insert: Statement<unknown[]>;
  readonly #ofKeys: Statement<[string, Bytes, Bytes, string, number], DyingRow>;
  readonly #ofCache: Statement<[string, string, number], DyingRow>;
  readonly #newest: Statement<[], { readonly id: number | null }>;
  readonly #same: Statement<[string, Bytes, string, string], GoneRow>;
  readonly #surplus: Statement<[string, Bytes, string, number], GoneRow>;
  readonly #delete: Statement<[number]>;
  readonly #use: Statement<[number, number]>;
  readonly #usage: Statement<[string], { readonly bytes: number; readonly entries: number }>;
  readonly #total: Statement<[], { readonly bytes: number | null }>;
  readonly #largest: Statement<[], { readonly account: string }>;
  readonly #oldest: Statement<[string, number], GoneRow & { readonly weight: number }>;
  readonly #expired: Statement<[number, number], GoneRow>;

  constructor(db: Database) {
    this.#db = db;
    this.listing = new CacheListing(db);
    this.#variants = db.prepare(
      "SELECT id, vary FROM entry WHERE account = ? AND key = ? AND cache = ? AND expires_ms > ? ORDER BY stored_ms DESC, id DESC",
    );
    // The name of a cache is empty for the default one only, so all others are greater. The index on keys has all that is
    // asked for here: rows, which may be long, are read one by one, until something fits.
    this.#alike = db.prepare(
      `SELECT id FROM (SELECT id FROM entry WHERE account = ? AND key BETWEEN ? AND ? AND (cache = ? OR (? AND cache > '')) LIMIT ${MAX_SEEN}) ORDER BY id DESC`,
    );
    this.#alikeRow = db.prepare("SELECT vary, expires_ms AS expiresMs FROM entry WHERE id = ?");
    this.#row = db.prepare(ROW);
    this.#listed = db.prepare(`${ROW} AND account = ? AND key = ? AND cache = ? AND expires_ms > ?`);
    this.#insert = db.prepare(
      "INSERT INTO entry (account, cache, key, vary, url, source, used, expires_ms, stored_ms, age_s, weight, status, status_text, headers, size, file, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    const dying = "SELECT id, file, vary, expires_ms AS expiresMs FROM entry WHERE account = ?";
    this.#ofKeys = db.prepare(
      `${dying} AND key BETWEEN ? AND ? AND cache = ? AND id <= ? LIMIT ${REMOVE_AT_ONCE}`,
    );
    this.#ofCache = db.prepare(`${dying} AND cache = ? AND id <= ? LIMIT ${REMOVE_AT_ONCE}`);
    this.#newest = db.prepare("SELECT max(id) AS id FROM entry");
    this.#same = db.prepare(
      "SELECT id, file FROM entry WHERE account = ? AND key = ? AND cache = ? AND vary = ?",
    );
    this.#surplus = db.prepare(
      "SELECT id, file FROM entry WHERE account = ? AND key = ? AND cache = ? ORDER BY used DESC LIMIT -1 OFFSET ?",
    );
    this.#delete = db.prepare("DELETE FROM entry WHERE id = ?");
    this.#use = db.prepare("UPDATE entry SET used = ? WHERE id = ?");
    this.#usage = db.prepare("SELECT bytes, entries FROM usage WHERE account = ?");
    this.#total = db.prepare("SELECT sum(bytes) AS bytes FROM usage");
    this.#largest = db.prepare("SELECT account FROM usage ORDER BY bytes DESC LIMIT 1");
    this.#oldest = db.prepare("SELECT id, file, weight FROM entry WHERE account = ? ORDER BY used LIMIT ?");
    this.#expired = db.prepare(
      "SELECT id, file FROM entry WHERE expires_ms <= ? ORDER BY expires_ms LIMIT ?",
    );
  }

  /** The newest response that has not expired and fits the request. */
  find(where: CacheKey, requestHeaders: string, nowMs: number, latitude: CacheLatitude): CacheRow | null {
    const match = new VaryMatch(requestHeaders);
    for (const { id, vary } of this.#candidates(where, nowMs, latitude)) {
      if (latitude.ignoreVary === true || match.fits(vary)) return rowOf(this.#row.get(id));
      if (match.isSpent) break;
    }
    return null;
  }

  /** The response of this id, if it is what the key says and has not expired. */
  read({ account, cache, key }: CacheKey, id: number, nowMs: number): CacheRow | null {
    return rowOf(this.#listed.get(id, account, key, cache, nowMs));
  }

  /** Puts a response in the place of the one with the same vary values, and makes room. */
  insert({ key, head, sizeBytes, file, body, quota }: CacheInsert, used: number, uses: CacheUses): GoneFiles {
    return this.#change((gone) => {
      this.#noteUses(uses);
      const vary = JSON.stringify(head.vary);
      const source = head.source === null ? null : JSON.stringify(head.source);
      this.#drop(this.#same.all(key.account, key.key, key.cache, vary), gone);
      this.#insert.run(
        key.account,
        key.cache,
        key.key,
        vary,
        head.url,
        source,
        used,
        head.expiresMs,
        head.storedMs,
        head.ageS,
        (sizeBytes ?? 0) +
          head.headers.length +
          vary.length +
          head.url.length +
          (source?.length ?? 0) +
          3 * key.cache.length +
          ENTRY_BYTES,
        head.status,
        head.statusText,
        head.headers,
        sizeBytes,
        file,
        body,
      );
      if (head.vary.length > 0)
        this.#drop(this.#surplus.all(key.account, key.key, key.cache, MAX_VARIANTS), gone);
      this.#makeRoom(key.account, quota, gone);
    });
  }

  /** Removes some of what was selected and fits; what came meanwhile, after `upToId`, stays. */
  remove(
    { account, cache, key, ignoreSearch }: CacheSelection,
    requestHeaders: string | null,
    nowMs: number,
    upToId: number,
  ): Removed {
    const last = upToId === 0 ? (this.#newest.get()?.id ?? 0) : upToId;
    const rows: DyingRow[] = [];
    let seen = 0;
    let isCut = false;
    const gone = this.#change((files) => {
      const all =
        key === null
          ? this.#ofCache.iterate(account, cache, last)
          : this.#ofKeys.iterate(account, ...keysAlike(key, ignoreSearch), cache, last);
      const match = requestHeaders === null ? null : new VaryMatch(requestHeaders);
      for (const row of all) {
        seen++;
        if (match === null || match.fits(row.vary)) rows.push(row);
        if (seen === REMOVE_AT_ONCE || match?.isSpent === true) {
          isCut = true;
          break;
        }
      }
      this.#drop(rows, files);
    });
    return {
      found: rows.some(({ expiresMs }) => expiresMs > nowMs),
      gone,
      // What does not fit stays and is seen again: where nothing else is seen, the rest is given up.
      upToId: isCut && rows.length > 0 ? last : 0,
    };
  }

  /** Removes some of what has expired, and remembers uses. */
  sweep(nowMs: number, uses: CacheUses): { gone: GoneFiles; more: boolean } {
    let more = false;
    const gone = this.#change((files) => {
      this.#noteUses(uses);
      const rows = this.#expired.all(nowMs, SWEEP_AT_ONCE);
      more = rows.length === SWEEP_AT_ONCE;
      this.#drop(rows, files);
    });
    if (gone.length > 0 || more) this.#db.pragma("incremental_vacuum(256)");
    return { gone, more };
  }

  /** Names of all bodies that are files. */
  files(): Set<string> {
    const names = this.#db.prepare<[], string>("SELECT file FROM entry WHERE file IS NOT NULL").pluck().all();
    return new Set(names);
  }

  /** Removes the entries of bodies that are lost. */
  forget(files: Iterable<string>): void {
    const forget = this.#db.prepare<[string]>("DELETE FROM entry WHERE file = ?");
    this.#change(() => {
      for (const file of files) forget.run(file);
    });
  }

  close(): void {
    this.#db.close();
  }

  *#candidates(
    { account, cache, key }: CacheKey,
    nowMs: number,
    { ignoreSearch = false, anyNamed = false }: CacheLatitude,
  ): Generator<VariantRow> {
    if (!ignoreSearch && !anyNamed) return yield* this.#variants.all(account, key, cache, nowMs);
    for (const { id } of this.#alike.all(account, ...keysAlike(key, ignoreSearch), cache, anyNamed ? 1 : 0)) {
      const { vary, expiresMs } = this.#alikeRow.get(id)!;
      if (expiresMs > nowMs) yield { id, vary };
    }
  }

  #change(work: (gone: string[]) => void): GoneFiles {
    const gone: string[] = [];
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      work(gone);
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
    return gone;
  }

  #noteUses(uses: CacheUses): void {
    for (const [id, used] of uses) this.#use.run(used, id);
  }

  #drop(rows: readonly GoneRow[], gone: string[]): void {
    for (const { id, file } of rows) {
      this.#delete.run(id);
      if (file !== null) gone.push(file);
    }
  }

  #makeRoom(account: string, quota: CacheQuota, gone: string[]): void {
    for (;;) {
      const { bytes, entries } = this.#usage.get(account) ?? { bytes: 0, entries: 0 };
      const over = { bytes: bytes - quota.accountBytes, entries: entries - quota.accountEntries };
      if (over.bytes <= 0 && over.entries <= 0) break;
      if (!this.#dropOldest(account, over, gone)) break;
    }
    for (;;) {
      const over = { bytes: (this.#total.get()?.bytes ?? 0) - quota.totalBytes, entries: 0 };
      if (over.bytes <= 0) break;
      // From whoever has the most, so that one account cannot push out the others.
      const from = this.#largest.get()?.account;
      if (from === undefined || !this.#dropOldest(from, over, gone)) break;
    }
  }

  /** Drops some entries, no more than it takes; false if there was none. */
  #dropOldest(account: string, over: Surplus, gone: string[]): boolean {
    let { bytes, entries } = over;
    const rows = this.#oldest.all(account, EVICT_AT_ONCE);
    for (const row of rows) {
      this.#drop([row], gone);
      bytes -= row.weight;
      entries--;
      if (bytes <= 0 && entries <= 0) break;
    }
    return rows.length > 0;
  }
}

interface Surplus {
  readonly bytes: number;
  readonly entries: number;
}

function rowOf(row: FoundRow | undefined): CacheRow | null {
  if (row === undefined) return null;
  const source = row.source === null ? null : (JSON.parse(row.source) as CacheSource);
  return { ...row, body: exact(row.body), vary: JSON.parse(row.vary) as CacheVary, source };
}

/** Bytes of their own: SQLite's come as a Node Buffer. */
function exact(bytes: Bytes | null): Bytes | null {
  return bytes === null ? null : new Uint8Array(bytes);
}
