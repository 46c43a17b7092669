import { MemoryAssets } from "./memory-assets.ts";
import { MemoryKv } from "./memory-kv.ts";
import type { CacheSpent } from "./cache-thread.ts";
import { openMemoryCache } from "./open-cache.ts";
import { SqliteControl } from "./sqlite-control.ts";
import { StorageLedger } from "./storage-ledger.ts";
import type { Stores } from "./stores.ts";

/** What stores tell, and by which clock they go. */
export interface StoreOptions {
  /** ms since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Hears what accounts make the index of the caches do. */
  readonly cacheSpent?: CacheSpent;
  /** Bytes that an account may store. @default no limit */
  readonly storageLimitOf?: (account: string) => number;
}

/**
 * Stores that live in memory: for embedding and tests, without a data folder. `now` is the engine's
 * clock, ms since the epoch.
 *
 * @example
 * await using stores = openMemoryStores();
 */
export function openMemoryStores(options: StoreOptions = {}): Stores {
  const ledger = new StorageLedger(options.storageLimitOf);
  const control = new SqliteControl(":memory:", ledger);
  const kv = new MemoryKv({ ...options, ledger });
  const cache = openMemoryCache(options.now, options.cacheSpent);
  const assets = new MemoryAssets(options.now);
  const close = async (): Promise<void> => {
    await kv.close();
    await cache.close();
    control.close();
  };
  return { control, kv, cache, assets, ledger, disk: null, close, [Symbol.asyncDispose]: close };
}
