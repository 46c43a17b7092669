import type { Bytes } from "./kv-store.ts";

/** Bodies up to this size stand in the index; larger ones are a file each. */
export const CACHE_INLINE_BYTES: number = 64 * 1024;

/** Where a response is kept. */
export interface CacheKey {
  readonly account: string;
  /** Stands for cache and URL within the account: a hash of fixed length. */
  readonly key: Bytes;
}

/** Request headers that a response varies by, with the value that its request had; null: it had none. */
export type CacheVary = readonly (readonly [name: string, value: string | null])[];

/** A response without its body. */
export interface CacheHead {
  readonly status: number;
  readonly statusText: string;
  /** As headers travel, see `FlatHeaders`. */
  readonly headers: string;
  readonly vary: CacheVary;
  /** ms since the epoch. */
  readonly storedMs: number;
  /** ms since the epoch: from then on the response is not found any more. */
  readonly expiresMs: number;
  /** How old the response was when it was stored, in seconds. */
  readonly ageS: number;
}

/** A response that was found. Its body stays readable, whatever becomes of the entry, until `release`. */
export interface CacheReading extends CacheHead {
  /** Bytes of the body; null: the response has none. */
  readonly sizeBytes: number | null;
  /** The body, if it is small enough to be here already. */
  readonly whole: Bytes | null;
  /** Bytes of a body that is not here, exactly `length` of them. @throws {Unavailable} */
  read(position: number, length: number): Promise<Bytes>;
  /** Nobody reads on. Calling it again does nothing. */
  release(): void;
}

/** What an account, and the whole store, may hold. */
export interface CacheQuota {
  readonly accountBytes: number;
  readonly accountEntries: number;
  readonly totalBytes: number;
}

/** A body on its way in. Nothing can be found before `commit`, and nothing is left after `abort`. */
export interface CacheWriting {
  /**
   * Takes the next bytes, which must not change any more.
   * @throws {CacheFull} if the account has no room for so much under way; {@link Unavailable} if the disk is full.
   */
  write(bytes: Bytes): Promise<void>;
  /**
   * Makes the response the one that is found from now on, and drops what was used least recently until all
   * quotas hold.
   * @param hasBody False for a response without a body, such as a 204.
   */
  commit(key: CacheKey, head: CacheHead, hasBody: boolean): Promise<void>;
  abort(): Promise<void>;
}

/**
 * Responses with their bodies. An entry may go at any time, since this is a cache; what is found is whole and
 * is what was put. Every method rejects with `Unavailable` when the store cannot answer.
 */
export interface CacheStore {
  /** Finds the newest response that has not expired and whose `vary` fits the request's headers. */
  find(key: CacheKey, requestHeaders: string, nowMs: number): Promise<CacheReading | null>;
  /** Begins to store a body. */
  write(account: string, quota: CacheQuota): CacheWriting;
  /** Removes the response with all its variants. @returns Whether there was one that had not expired. */
  delete(key: CacheKey, nowMs: number): Promise<boolean>;
}
