import type { Database, Statement } from "better-sqlite3";
import { keysAlike, MAX_SEEN } from "./cache-keys.ts";
import type { CacheListed, CacheNames, CachePage, CacheSelection, CacheVary } from "./cache-store.ts";
import { VaryMatch } from "./cache-vary.ts";
import type { Bytes } from "./kv-store.ts";

/** Entries, and names, that one part of a list goes over. */
const AT_ONCE = 250;
/** Characters of URLs and headers in one part, unless a single entry has more. */
const PAGE_CHARS = 256 * 1024;

interface ListedRow {
  readonly id: number;
  readonly url: string;
  readonly vary: string;
  readonly expiresMs: number;
}

/** Says what is in the caches of an account, in parts, so that no question keeps the index from others for long. */
export class CacheListing {
  readonly #ofCache: Statement<[string, string, number], ListedRow>;
  readonly #ofKeys: Statement<[string, Bytes, Bytes, string, number], ListedRow>;
  readonly #nextName: Statement<[string, string], { readonly cache: string }>;

  constructor(db: Database) {
    const columns = "id, url, vary, expires_ms AS expiresMs";
    this.#ofCache = db.prepare(
      `SELECT ${columns} FROM entry WHERE account = ? AND cache = ? AND id > ? ORDER BY id LIMIT ${AT_ONCE}`,
    );
    this.#ofKeys = db.prepare(
      `SELECT id, url, vary, expiresMs FROM (SELECT ${columns} FROM entry WHERE account = ? AND key BETWEEN ? AND ? AND cache = ? LIMIT ${MAX_SEEN}) WHERE id > ? ORDER BY id LIMIT ${AT_ONCE}`,
    );
    this.#nextName = db.prepare(
      "SELECT cache FROM entry WHERE account = ? AND cache > ? ORDER BY cache LIMIT 1",
    );
  }

  /** Responses that have not expired and, unless `requestHeaders` is null, fit them. */
  list(
    { account, cache, key, ignoreSearch }: CacheSelection,
    requestHeaders: string | null,
    afterId: number,
    nowMs: number,
  ): CachePage {
    const rows =
      key === null
        ? this.#ofCache.iterate(account, cache, afterId)
        : this.#ofKeys.iterate(account, ...keysAlike(key, ignoreSearch), cache, afterId);
    const entries: CacheListed[] = [];
    const match = requestHeaders === null ? null : new VaryMatch(requestHeaders);
    let chars = 0;
    let seen = 0;
    for (const { id, url, vary: text, expiresMs } of rows) {
      if (expiresMs > nowMs && (match === null || match.fits(text))) {
        chars += url.length + text.length;
        if (chars > PAGE_CHARS && entries.length > 0) return { entries, next: entries.at(-1)!.id };
        entries.push({ id, url, vary: JSON.parse(text) as CacheVary });
      }
      if (++seen === AT_ONCE || match?.isSpent === true) return { entries, next: id };
    }
    return { entries, next: 0 };
  }

  /** Names of caches that hold something, from the one after `after` on. */
  names(account: string, after: string): CacheNames {
    const names: string[] = [];
    for (let last = after; names.length < AT_ONCE;) {
      const next = this.#nextName.get(account, last);
      if (next === undefined) return { names, more: false };
      names.push((last = next.cache));
    }
    return { names, more: true };
  }
}
