import type { Bytes } from "./kv-store.ts";

/** A part of an account's store, open for reading. */
export interface AssetReading {
  /** @returns up to `length` bytes from `position` on; fewer only where the end is */
  read(position: number, length: number): Promise<Bytes>;
  close(): Promise<void>;
}

/**
 * Immutable pieces of accounts by name: contents of static assets, and the lists that name them. What a piece is and
 * whether anything needs it is for the layers above. Accounts and names are checked there too: `a-z 0-9 - _` only.
 */
export interface AssetStore {
  /** Whether the account has a piece, which counts as used now. */
  touch(account: string, name: string): Promise<boolean>;
  /**
   * Keeps a piece: all of it, safe from a loss of power, or nothing. One of the same name stays as it is.
   * @param nameOf gives the name once the size is known, in bytes; what it throws is thrown, and nothing is kept
   * @throws what `pieces` throws
   */
  write(
    account: string,
    pieces: AsyncIterable<Bytes> | Iterable<Bytes>,
    nameOf: (sizeBytes: number) => string,
  ): Promise<{ readonly name: string; readonly isNew: boolean }>;
  /** Null: there is none. */
  open(account: string, name: string): Promise<AssetReading | null>;
  /** Names of all pieces, in no order. */
  list(account: string): Promise<string[]>;
  /** Removes a piece that was not used since a time (ms since the epoch). @returns Whether this call removed it. */
  removeUnused(account: string, name: string, sinceMs: number): Promise<boolean>;
  /** Accounts that may have pieces. */
  accounts(): Promise<string[]>;
}
