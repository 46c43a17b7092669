import { FILE_ROOM } from "./kv-room.ts";

/** What one namespace's file holds, in bytes. */
export interface KvFileUse {
  /** What its entries count as. */
  readonly room: number;
  /** Pages that deletes freed, and that are not given back to the disk yet. */
  readonly free: number;
  /** Replaced large values, kept for those who are reading them. */
  readonly garbage: number;
}

/** Freed pages of an account that do not count. */
const FREED_BYTES: number = 64 * 1024 ** 2;
/** Replaced large values that an account keeps for readers, and a namespace. */
const GARBAGE_BYTES: number = 64 * 1024 ** 2;

interface AccountUse {
  readonly files: Map<number, KvFileUse>;
  room: number;
  free: number;
  garbage: number;
}

/** What accounts have in their namespaces' files, in the writer thread, which alone changes them. */
export class KvAccounts {
  readonly #accounts = new Map<string, AccountUse>();
  readonly #owners = new Map<number, string>();

  /** Says what a namespace's file holds now; null: it is gone. */
  set(account: string, ns: number, use: KvFileUse | null): void {
    const before = this.#owners.get(ns);
    if (before !== undefined && (before !== account || use === null)) this.#remove(before, ns);
    if (use === null) return;
    let of = this.#accounts.get(account);
    if (of === undefined)
      this.#accounts.set(account, (of = { files: new Map(), room: 0, free: 0, garbage: 0 }));
    const old = of.files.get(ns);
    of.room += use.room - (old?.room ?? -FILE_ROOM);
    of.free += use.free - (old?.free ?? 0);
    of.garbage += use.garbage - (old?.garbage ?? 0);
    of.files.set(ns, use);
    this.#owners.set(ns, account);
  }

  /** Whose a namespace is. */
  ownerOf(ns: number): string | undefined {
    return this.#owners.get(ns);
  }

  namespacesOf(account: string): number[] {
    return [...(this.#accounts.get(account)?.files.keys() ?? [])];
  }

  /** What an account's namespaces count as. */
  usedBytes(account: string): number {
    const of = this.#accounts.get(account);
    return of === undefined ? 0 : of.room + Math.max(0, of.free - FREED_BYTES);
  }

  /** By how much a namespace may grow: what it freed itself is there for it. */
  roomIn(account: string, ns: number, limitBytes: number): number {
    const of = this.#accounts.get(account);
    if (of === undefined) return limitBytes;
    const freeElsewhere = of.free - (of.files.get(ns)?.free ?? 0);
    return limitBytes - of.room - Math.max(0, freeElsewhere - FREED_BYTES);
  }

  /** Replaced values that a namespace may keep. */
  garbageIn(account: string, ns: number): number {
    const of = this.#accounts.get(account);
    const elsewhere = (of?.garbage ?? 0) - (of?.files.get(ns)?.garbage ?? 0);
    return Math.max(0, GARBAGE_BYTES - elsewhere);
  }

  #remove(account: string, ns: number): void {
    this.#owners.delete(ns);
    const of = this.#accounts.get(account);
    const old = of?.files.get(ns);
    if (of === undefined || old === undefined) return;
    of.files.delete(ns);
    of.room -= old.room + FILE_ROOM;
    of.free -= old.free;
    of.garbage -= old.garbage;
    if (of.files.size === 0) this.#accounts.delete(account);
  }
}
