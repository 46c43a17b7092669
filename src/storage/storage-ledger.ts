import { AccountStorageFull } from "./account-storage-full.ts";

/** Kinds of what is stored: entries of KV, records of workers and versions with their code, static assets. */
export type StorageKind = "kv" | "records" | "assets";

/** What an account stores, and may. */
export interface StorageUse {
  readonly account: string;
  readonly limitBytes: number;
  readonly usedBytes: number;
  readonly kvBytes: number;
  readonly recordBytes: number;
  readonly assetBytes: number;
}

/** Counts all of a kind that an account stores, and tells the ledger; asked once, before the account stores more. */
export type CountStored = (account: string) => Promise<unknown> | void;

interface Entry {
  readonly stored: Record<StorageKind, number>;
  /** Writes of KV that are under way, as if each only added. */
  pendingBytes: number;
  /** Whether all kinds were counted. */
  isOpen: boolean;
  opening: Promise<void> | null;
}

/**
 * What accounts store, kind by kind, against what they may. Whoever keeps a kind says how much of it there is; before it
 * keeps more, it asks how much of it there may be.
 */
export class StorageLedger {
  readonly #limitOf: (account: string) => number;
  readonly #counts: CountStored[] = [];
  readonly #entries = new Map<string, Entry>();

  /** @param limitOf bytes that an account may store. @default no limit */
  constructor(limitOf: (account: string) => number = () => Infinity) {
    this.#limitOf = limitOf;
  }

  /** Says who counts a kind: each kind has one. */
  countBy(count: CountStored): void {
    this.#counts.push(count);
  }

  /** Whether all that the account stores was counted, and {@link open} has nothing to do. */
  isOpen(account: string): boolean {
    return this.#entries.get(account)?.isOpen === true;
  }

  /** Counts what an account stores, if that was not done yet. @throws what a count throws; the next call counts again */
  async open(account: string): Promise<void> {
    const entry = this.#of(account);
    if (entry.isOpen) return;
    entry.opening ??= this.#open(account, entry).finally(() => (entry.opening = null));
    await entry.opening;
  }

  /** How much of a kind an account stores from now on. */
  set(kind: StorageKind, account: string, bytes: number): void {
    this.#of(account).stored[kind] = bytes;
  }

  /** How much of a kind an account stores, as far as it was counted. */
  storedBytes(kind: StorageKind, account: string): number {
    return this.#of(account).stored[kind];
  }

  /** Writes of KV begin, or with fewer than 0 bytes end, that may add so much. */
  pend(account: string, bytes: number): void {
    this.#of(account).pendingBytes += bytes;
  }

  /** How much of a kind an account may store in all, beside what it stores of the others. */
  roomFor(kind: StorageKind, account: string): number {
    const { stored, pendingBytes } = this.#of(account);
    const others = sum(stored) - stored[kind];
    return this.#limitOf(account) - others - (kind === "kv" ? 0 : pendingBytes);
  }

  /**
   * Checks that an account may store so much of a kind.
   * @param bytes of the kind, in all
   * @throws AccountStorageFull
   */
  check(kind: StorageKind, account: string, bytes: number): void {
    if (bytes <= this.roomFor(kind, account)) return;
    throw this.full(account, bytes - this.storedBytes(kind, account));
  }

  /** The error that says that so many bytes more do not fit. */
  full(account: string, moreBytes: number): AccountStorageFull {
    const { usedBytes, limitBytes } = this.useOf(account);
    return new AccountStorageFull({ account, usedBytes, limitBytes, moreBytes });
  }

  /** What is known of an account: all, once it is open. */
  useOf(account: string): StorageUse {
    const { stored } = this.#of(account);
    return {
      account,
      limitBytes: this.#limitOf(account),
      usedBytes: sum(stored),
      kvBytes: stored.kv,
      recordBytes: stored.records,
      assetBytes: stored.assets,
    };
  }

  /** What accounts store of which all was counted. */
  known(): StorageUse[] {
    return [...this.#entries].flatMap(([account, { isOpen }]) => (isOpen ? [this.useOf(account)] : []));
  }

  async #open(account: string, entry: Entry): Promise<void> {
    await Promise.all(this.#counts.map(async (count) => await count(account)));
    entry.isOpen = true;
  }

  #of(account: string): Entry {
    let entry = this.#entries.get(account);
    if (entry === undefined) {
      entry = { stored: { kv: 0, records: 0, assets: 0 }, pendingBytes: 0, isOpen: false, opening: null };
      this.#entries.set(account, entry);
    }
    return entry;
  }
}

function sum({ kv, records, assets }: Record<StorageKind, number>): number {
  return kv + records + assets;
}
