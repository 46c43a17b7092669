import type { CacheInsert, CacheUses } from "./cache-row.ts";
import type { Bytes } from "./kv-store.ts";

/** What the cache's thread is started with. */
export interface CacheThreadOptions {
  readonly folder: string;
  /** Names of bodies of this life of the host begin so: they may be on their way into the index. */
  readonly prefix: string;
}

/** A question to the cache's index. */
export type CacheQuestion =
  | {
      readonly op: "find";
      readonly account: string;
      readonly key: Bytes;
      readonly requestHeaders: string;
      readonly nowMs: number;
    }
  | { readonly op: "insert"; readonly row: CacheInsert; readonly used: number; readonly uses: CacheUses }
  | { readonly op: "remove"; readonly account: string; readonly key: Bytes; readonly nowMs: number }
  | { readonly op: "sweep"; readonly nowMs: number; readonly uses: CacheUses };

/** From the host to the cache's thread. */
export type ToCacheThread =
  | { readonly type: "ask"; readonly id: number; readonly question: CacheQuestion }
  | { readonly type: "close" };

/** From the cache's thread to the host, in the order of the questions. */
export type FromCacheThread =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly reason: string };
