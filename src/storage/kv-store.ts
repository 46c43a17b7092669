/** Bytes, exact. Keys compare as `memcmp`. */
export type Bytes = Uint8Array;

export interface KvEntry {
  readonly value: Bytes;
  readonly meta: Bytes | null;
  /** ms since the epoch, of the store's own clock; null: never. */
  readonly expires: number | null;
  /** Changes with every put; a deleted and re-made key never gets an old one again. */
  readonly rev: bigint;
}

export interface KvPutOptions {
  readonly meta?: Bytes;
  readonly expires?: number;
  /** Put only if the key's rev is this one; `0n`: only if it is absent. */
  readonly ifRev?: bigint;
}

export interface KvListOptions {
  readonly prefix?: Bytes;
  /** Keys greater than this one. */
  readonly after?: Bytes;
  readonly limit: number;
}

export interface KvListPage {
  readonly keys: readonly {
    readonly key: Bytes;
    readonly meta: Bytes | null;
    readonly expires: number | null;
  }[];
  readonly more: boolean;
}

/** A value as it was when it was opened, to be read piece by piece. */
export interface KvReading {
  readonly meta: Bytes | null;
  /** ms since the epoch, of the store's own clock; null: never. */
  readonly expires: number | null;
  readonly rev: bigint;
  readonly sizeBytes: number;
  /** The value, if it is small enough to be here already (at most 64 KiB). */
  readonly whole: Bytes | null;
  /**
   * The value in pieces of at most 64 KiB, each read when it is asked for. A value that was replaced
   * meanwhile stays readable for about a minute, then the next piece throws {@link ValueReplaced}.
   */
  pieces(): AsyncGenerator<Bytes, void, undefined>;
}

/**
 * The engine's half of KV: bytes in, bytes out. Names, encodings, limits and error texts live in
 * `bindings/kv/`. A put or delete is durable when it resolves; a get sees every put that resolved
 * before it; an expired key is never shown. `ns` is a number that the control store gave out.
 *
 * Bytes handed over must not change until the promise settles; bytes handed out belong to the caller.
 * Every method rejects with `Unavailable` when the engine cannot answer, and `put` with `AccountStorageFull` or `DiskLow`
 * where nothing more can be stored.
 */
export interface KvStore {
  /** Says whose a namespace is: writes are served fairly by account, and count against what it may store. */
  assign(ns: number, account: string): void;
  get(ns: number, key: Bytes): Promise<KvEntry | null>;
  /** As `get`, but a large value is not in memory until it is read. */
  read(ns: number, key: Bytes): Promise<KvReading | null>;
  put(ns: number, key: Bytes, value: Bytes, options?: KvPutOptions): Promise<bigint | "conflict">;
  delete(ns: number, key: Bytes): Promise<void>;
  list(ns: number, options: KvListOptions): Promise<KvListPage>;
  /** Removes a namespace and all that it holds. */
  drop(ns: number): Promise<void>;
}
