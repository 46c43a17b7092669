import { CacheIndex } from "./cache-index.ts";
import type { CacheIndexCalls, CacheInsert, CacheRow, CacheUses, GoneFiles, Removed } from "./cache-row.ts";
import type { CacheSpent } from "./cache-thread.ts";
import { openCacheDb } from "./cache-schema.ts";
import type { CacheKey, CacheLatitude, CacheNames, CachePage, CacheSelection } from "./cache-store.ts";

/** The index of a cache in memory, in the host's own thread: no file is ever waited for. */
export class LocalCacheIndex implements CacheIndexCalls {
  readonly #index = new CacheIndex(openCacheDb(":memory:"));
  readonly #spent: CacheSpent;

  /** @param spent hears what accounts cost the thread */
  constructor(spent: CacheSpent = () => {}) {
    this.#spent = spent;
  }

  async find(
    key: CacheKey,
    requestHeaders: string,
    nowMs: number,
    latitude: CacheLatitude,
  ): Promise<CacheRow | null> {
    return this.#timed(key.account, () => this.#index.find(key, requestHeaders, nowMs, latitude));
  }

  async read(key: CacheKey, id: number, nowMs: number): Promise<CacheRow | null> {
    return this.#timed(key.account, () => this.#index.read(key, id, nowMs));
  }

  async list(
    selection: CacheSelection,
    requestHeaders: string | null,
    afterId: number,
    nowMs: number,
  ): Promise<CachePage> {
    return this.#timed(selection.account, () =>
      this.#index.listing.list(selection, requestHeaders, afterId, nowMs),
    );
  }

  async names(account: string, after: string): Promise<CacheNames> {
    return this.#timed(account, () => this.#index.listing.names(account, after));
  }

  async insert(row: CacheInsert, used: number, uses: CacheUses): Promise<GoneFiles> {
    return this.#timed(row.key.account, () => this.#index.insert(row, used, uses));
  }

  async remove(
    selection: CacheSelection,
    requestHeaders: string | null,
    nowMs: number,
    upToId: number,
  ): Promise<Removed> {
    return this.#timed(selection.account, () => this.#index.remove(selection, requestHeaders, nowMs, upToId));
  }

  async sweep(nowMs: number, uses: CacheUses): Promise<{ gone: GoneFiles; more: boolean }> {
    return this.#index.sweep(nowMs, uses);
  }

  async close(): Promise<void> {
    this.#index.close();
  }

  #timed<T>(account: string, work: () => T): T {
    const startMs = performance.now();
    try {
      return work();
    } finally {
      this.#spent(account, Math.round((performance.now() - startMs) * 1_000));
    }
  }
}
