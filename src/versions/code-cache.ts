import { cachedDataVersionTag } from "node:v8";
import { createHash } from "node:crypto";
import { CodeCacheFolder } from "./code-cache-folder.ts";
import { CodeCacheMemory } from "./code-cache-memory.ts";

/**
 * V8's code caches of scripts. V8 was seen to take a cache made from another source of the same
 * length and to run the wrong code, so what is handed out is always what was saved for that script,
 * on this V8 with these flags.
 */
export interface CodeCache {
  /** The cache saved for a script; undefined if there is none, or if it was tampered with. */
  load(script: string): Promise<Uint8Array | undefined>;
  /** Keeps the cache of a script, in place of an earlier one. Oldest caches go when there is no room. */
  save(script: string, codeCache: Uint8Array): Promise<void>;
}

export interface CodeCacheOptions {
  /** The data folder; code caches go to `code-cache/` in it. Without it they are kept in memory. */
  readonly folder?: string;
  /** All caches together, in bytes. @default 536870912 (512 MiB) on disk, 67108864 (64 MiB) in memory */
  readonly maxBytes?: number;
  /** V8's version and flags, where caches are made. @default those of this process */
  readonly engine?: string;
}

/** Makes a {@link CodeCache}; nothing is read or written before the first use. */
export function createCodeCache(options: CodeCacheOptions = {}): CodeCache {
  const engine = options.engine ?? `${process.versions.v8} ${cachedDataVersionTag()}`;
  const keyOf = (script: string): string =>
    createHash("sha256").update(`${engine.length}:${engine}`).update(script).digest("hex");
  const { folder } = options;
  const store =
    folder === undefined
      ? new CodeCacheMemory(options.maxBytes ?? 64 * 1024 * 1024)
      : new CodeCacheFolder(folder, options.maxBytes ?? 512 * 1024 * 1024);
  return {
    load: async (script) => await store.load(keyOf(script)),
    save: async (script, codeCache) => await store.save(keyOf(script), codeCache),
  };
}
