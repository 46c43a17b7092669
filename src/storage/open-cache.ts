import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cachePaths } from "./cache-thread-index.ts";
import { type CacheSpent, CacheThread } from "./cache-thread.ts";
import type { DiskSpace } from "./disk-space.ts";
import { FileBodies } from "./file-bodies.ts";
import { IndexedCache } from "./indexed-cache.ts";
import { LocalCacheIndex } from "./local-cache-index.ts";
import { MemoryBodies } from "./memory-bodies.ts";

/**
 * A cache in a folder that this host holds, made when something is first stored.
 * @param spent hears what accounts make the index do
 * @param disk keeps some of the disk free. @default nobody does
 */
export function openCacheFolder(
  folder: string,
  now: () => number = Date.now,
  spent?: CacheSpent,
  disk?: Pick<DiskSpace, "mustTake">,
): IndexedCache {
  const prefix = randomBytes(8).toString("hex");
  const index = new CacheThread({ folder, prefix }, spent);
  const cache = new IndexedCache(index, new FileBodies(cachePaths(folder).bodies, prefix), now, disk);
  // What an earlier life of the host left behind, or what expired meanwhile, goes now.
  if (existsSync(folder)) cache.sweep().catch(() => {});
  return cache;
}

/** A cache in memory. @param spent hears what accounts make the index do, in the host's own thread */
export function openMemoryCache(now: () => number = Date.now, spent?: CacheSpent): IndexedCache {
  return new IndexedCache(new LocalCacheIndex(spent), new MemoryBodies(), now);
}
