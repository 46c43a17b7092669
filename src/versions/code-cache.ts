import { cachedDataVersionTag } from "node:v8";
import { createHash } from "node:crypto";
import { mostCodeCacheBytes } from "../cell/protocol/frame-bounds.ts";
import { CodeCacheFolder } from "./code-cache-folder.ts";
import { CodeCacheMemory } from "./code-cache-memory.ts";
import type { Version } from "./version.ts";

/**
 * Whose cells make a cache and run it. A cell that was taken over can plant one for any script, so it must reach neither
 * another account nor a process that is shut off better.
 */
export type CodeCacheOwner = Pick<Version, "account" | "isolation">;

/**
 * V8's code caches of scripts. V8 was seen to take a cache made from another source of the same
 * length and to run the wrong code, so what is handed out is always what was saved for that script
 * and owner, on this V8 with these flags.
 */
export interface CodeCache {
  /** The cache saved for a script; undefined if there is none, or if it was tampered with. */
  load(owner: CodeCacheOwner, script: string): Promise<Uint8Array | undefined>;
  /**
   * Keeps the cache of a script, in place of an earlier one. Oldest caches go when there is no room; one that is larger
   * than any cell hands over is not kept.
   */
  save(owner: CodeCacheOwner, script: string, codeCache: Uint8Array): Promise<void>;
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
  const keyOf = ({ account, isolation }: CodeCacheOwner, script: string): string => {
    const madeBy = JSON.stringify([engine, isolation, account]);
    return createHash("sha256").update(`${madeBy.length}:${madeBy}`).update(script).digest("hex");
  };
  const { folder } = options;
  const store =
    folder === undefined
      ? new CodeCacheMemory(options.maxBytes ?? 64 * 1024 * 1024)
      : new CodeCacheFolder(folder, options.maxBytes ?? 512 * 1024 * 1024);
  return {
    load: async (owner, script) => await store.load(keyOf(owner, script)),
    save: async (owner, script, codeCache) => {
      if (codeCache.length <= mostCodeCacheBytes(script)) await store.save(keyOf(owner, script), codeCache);
    },
  };
}
