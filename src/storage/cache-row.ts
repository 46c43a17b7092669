import type { CacheHead, CacheKey, CacheQuota } from "./cache-store.ts";
import type { Bytes } from "./kv-store.ts";

/** A response as it stands in the index. */
export interface CacheRow extends CacheHead {
  readonly id: number;
  readonly sizeBytes: number | null;
  /** Name of the body's file; null if the body is in the row or there is none. */
  readonly file: string | null;
  readonly body: Bytes | null;
}

/** A response for the index. */
export interface CacheInsert {
  readonly key: CacheKey;
  readonly head: CacheHead;
  readonly sizeBytes: number | null;
  readonly file: string | null;
  readonly body: Bytes | null;
  readonly quota: CacheQuota;
}

/** Entries that were used, each with the moment of its last use. */
export type CacheUses = readonly (readonly [id: number, used: number])[];

/** A body whose entry is gone. */
export type GoneFiles = readonly string[];

/** The index of a cache as the host asks it, wherever it lives. */
export interface CacheIndexCalls {
  find(account: string, key: Bytes, requestHeaders: string, nowMs: number): Promise<CacheRow | null>;
  insert(row: CacheInsert, used: number, uses: CacheUses): Promise<GoneFiles>;
  remove(account: string, key: Bytes, nowMs: number): Promise<{ found: boolean; gone: GoneFiles }>;
  /** Removes some expired entries, and remembers uses. */
  sweep(nowMs: number, uses: CacheUses): Promise<{ gone: GoneFiles; more: boolean }>;
  close(): Promise<void>;
}
