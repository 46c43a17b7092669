import type { Bytes } from "./kv-store.ts";

/** Bodies up to this size stand in the index; larger ones are a file each. */
export const CACHE_INLINE_BYTES: number = 64 * 1024;

/** Where a response is kept. */
export interface CacheKey {
  readonly account: string;
  /** The cache within the account; empty for the one without a name. */
  readonly cache: string;
  /** Stands for the URL, in `KEY_BYTES`: the first half for what comes before the query, the second for the query. */
  readonly key: Bytes;
}

/** Length of the key of a URL. */
export const KEY_BYTES: number = 32;

/** What a question takes no notice of, beside the request's method. */
export interface CacheLatitude {
  /** Takes URLs that differ in their query for one. Of these, some thousand are looked at, no more. */
  readonly ignoreSearch?: boolean;
  readonly ignoreVary?: boolean;
  /** Looks at all caches of the account that have a name, whatever the key says. */
  readonly anyNamed?: boolean;
}

/** Some responses of a cache: those of one URL, or all. */
export interface CacheSelection {
  readonly account: string;
  readonly cache: string;
  /** null for all. */
  readonly key: Bytes | null;
  readonly ignoreSearch?: boolean;
}

/** A response as a list has it. */
export interface CacheListed {
  readonly id: number;
  readonly url: string;
  readonly vary: CacheVary;
}

/** A part of a list, in the order in which the responses were stored. */
export interface CachePage {
  readonly entries: readonly CacheListed[];
  /** What to go on after; 0 if nothing follows. A page may be empty though something follows. */
  readonly next: number;
}

/** A part of the names of an account's caches, in the order of their code units. */
export interface CacheNames {
  readonly names: readonly string[];
  readonly more: boolean;
}

/** Request headers that a response varies by, with the value that its request had; null: it had none. */
export type CacheVary = readonly (readonly [name: string, value: string | null])[];

/** What a response said of where it came from. */
export interface CacheSource {
  readonly type: "basic" | "error";
  /** Empty for none. */
  readonly url: string;
  readonly redirected: boolean;
}

/** A response without its body. */
export interface CacheHead {
  /** 0 for an error response. */
  readonly status: number;
  readonly statusText: string;
  /** As headers travel, see `FlatHeaders`. */
  readonly headers: string;
  /** Of the request. */
  readonly url: string;
  readonly vary: CacheVary;
  /** null: it came from nowhere, a worker made it. */
  readonly source: CacheSource | null;
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
  find(
    key: CacheKey,
    requestHeaders: string,
    nowMs: number,
    latitude?: CacheLatitude,
  ): Promise<CacheReading | null>;
  /** The response that a list named, if it is still there and has not expired. */
  read(key: CacheKey, id: number, nowMs: number): Promise<CacheReading | null>;
  /** A part of the responses that have not expired and, unless `requestHeaders` is null, fit them. */
  list(
    selection: CacheSelection,
    requestHeaders: string | null,
    afterId: number,
    nowMs: number,
  ): Promise<CachePage>;
  /** A part of the names of the account's caches that hold something, those after `after`. */
  names(account: string, after: string): Promise<CacheNames>;
  /** Begins to store a body. */
  write(account: string, quota: CacheQuota): CacheWriting;
  /**
   * Removes what was stored before the call and, unless `requestHeaders` is null, fits them.
   * @returns Whether there was something that had not expired.
   */
  delete(selection: CacheSelection, requestHeaders: string | null, nowMs: number): Promise<boolean>;
}
