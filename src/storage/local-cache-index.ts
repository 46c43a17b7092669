import { CacheIndex } from "./cache-index.ts";
import type { CacheIndexCalls, CacheInsert, CacheRow, CacheUses, GoneFiles } from "./cache-row.ts";
import { openCacheDb } from "./cache-schema.ts";
import type { Bytes } from "./kv-store.ts";

/** The index of a cache in memory, in the host's own thread: no file is ever waited for. */
export class LocalCacheIndex implements CacheIndexCalls {
  readonly #index = new CacheIndex(openCacheDb(":memory:"));

  async find(account: string, key: Bytes, requestHeaders: string, nowMs: number): Promise<CacheRow | null> {
    return this.#index.find(account, key, requestHeaders, nowMs);
  }

  async insert(row: CacheInsert, used: number, uses: CacheUses): Promise<GoneFiles> {
    return this.#index.insert(row, used, uses);
  }

  async remove(account: string, key: Bytes, nowMs: number): Promise<{ found: boolean; gone: GoneFiles }> {
    return this.#index.remove(account, key, nowMs);
  }

  async sweep(nowMs: number, uses: CacheUses): Promise<{ gone: GoneFiles; more: boolean }> {
    return this.#index.sweep(nowMs, uses);
  }

  async close(): Promise<void> {
    this.#index.close();
  }
}
