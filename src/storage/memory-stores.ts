import { MemoryAssets } from "./memory-assets.ts";
import { MemoryKv } from "./memory-kv.ts";
import { openMemoryCache } from "./open-cache.ts";
import { SqliteControl } from "./sqlite-control.ts";
import type { Stores } from "./stores.ts";

/**
 * Stores that live in memory: for embedding and tests, without a data folder. `now` is the engine's
 * clock, ms since the epoch.
 *
 * @example
 * await using stores = openMemoryStores();
 */
export function openMemoryStores(options: { readonly now?: () => number } = {}): Stores {
  const control = new SqliteControl(":memory:");
  const kv = new MemoryKv(options);
  const cache = openMemoryCache(options.now);
  const assets = new MemoryAssets(options.now);
  const close = async (): Promise<void> => {
    await kv.close();
    await cache.close();
    control.close();
  };
  return { control, kv, cache, assets, close, [Symbol.asyncDispose]: close };
}
