import type {
  CacheHead,
  CacheKey,
  CacheLatitude,
  CacheNames,
  CachePage,
  CacheQuota,
  CacheSelection,
} from "./cache-store.ts";
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

/** What a round of removing found. */
export interface Removed {
  /** Whether there was something that had not expired. */
  readonly found: boolean;
  readonly gone: GoneFiles;
  /** The newest entry that is to go; 0 if none is left. */
  readonly upToId: number;
}

/** The index of a cache as the host asks it, wherever it lives. */
export interface CacheIndexCalls {
  find(
    key: CacheKey,
    requestHeaders: string,
    nowMs: number,
    latitude: CacheLatitude,
  ): Promise<CacheRow | null>;
  read(key: CacheKey, id: number, nowMs: number): Promise<CacheRow | null>;
  list(
    selection: CacheSelection,
    requestHeaders: string | null,
    afterId: number,
    nowMs: number,
  ): Promise<CachePage>;
  names(account: string, after: string): Promise<CacheNames>;
  insert(row: CacheInsert, used: number, uses: CacheUses): Promise<GoneFiles>;
  /** Removes some entries, those that fit unless `requestHeaders` is null, no newer than `upToId`; 0 for any. */
  remove(
    selection: CacheSelection,
    requestHeaders: string | null,
    nowMs: number,
    upToId: number,
  ): Promise<Removed>;
  /** Removes some expired entries, and remembers uses. */
  sweep(nowMs: number, uses: CacheUses): Promise<{ gone: GoneFiles; more: boolean }>;
  close(): Promise<void>;
}
