import { MemoryAssets } from "./memory-assets.ts";
import { MemoryKv } from "./memory-kv.ts";
import type { CacheSpent } from "./cache-thread.ts";
import { openMemoryCache } from "./open-cache.ts";
import { SqliteControl } from "./sqlite-control.ts";
import type { Stores } from "./stores.ts";

/** What stores tell, and by which clock they go. */
export interface StoreOptions {
  /** ms since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Hears what accounts make the index of the caches do. */
  readonly cacheSpent?: CacheSpent;
}

/**
 * Stores that live in memory: for embedding and tests, without a data folder. `now` is the engine's
 * clock, ms since the epoch.
 *
 * @example
 * await using stores = openMemoryStores();
 */
export function openMemoryStores(options: StoreOptions = {}): Stores {
  const control = new SqliteControl(":memory:");
  const kv = new MemoryKv(options);
  const cache = openMemoryCache(options.now, options.cacheSpent);
  const assets = new MemoryAssets(options.now);
  const close = async (): Promise<void> => {
    await kv.close();
    await cache.close();
    control.close();
  };
  return { control, kv, cache, assets, close, [Symbol.asyncDispose]: close };
}
