import { afterPrefix } from "./kv-range.ts";
import type {
  Bytes,
  KvEntry,
  KvListOptions,
  KvListPage,
  KvPutOptions,
  KvReading,
  KvStore,
} from "./kv-store.ts";
import { FILE_ROOM, roomOf } from "./kv-room.ts";
import { StorageClosed } from "./storage-closed.ts";
import { StorageLedger } from "./storage-ledger.ts";

const PIECE_BYTES = 64 * 1024;
/** Entries that a put without room looks at for some that expired, and of these removes: it is done on the host's loop. */
const LOOKS = 2_000;
const REMOVALS = 100;

interface Namespace {
  readonly entries: Map<string, KvEntry>;
  /** All keys in order: one character per byte, which compares as memcmp does. */
  readonly keys: string[];
}

/** KV that lives in memory and is gone with it: for tests, and for a host without a data folder. */
export class MemoryKv implements KvStore {
  readonly #now: () => number;
  readonly #namespaces = new Map<number, Namespace>();
  readonly #ledger: StorageLedger;
  readonly #owners = new Map<number, string>();
  /** Where the search for what expired goes on, by account. */
  readonly #walks = new Map<string, Generator<{ ns: number; name: string } | null, void, undefined>>();
  #rev = 0n;
  #closed = false;

  /** @param options `ledger` says how much accounts may store, and hears how much they do. @default no limits */
  constructor(options: { readonly now?: () => number; readonly ledger?: StorageLedger } = {}) {
    this.#now = options.now ?? Date.now;
    this.#ledger = options.ledger ?? new StorageLedger();
  }

  assign(ns: number, account: string): void {
    this.#owners.set(ns, account);
  }

  async get(ns: number, key: Bytes): Promise<KvEntry | null> {
    const entry = this.#live(ns, text(key));
    return entry === null
      ? null
      : { ...entry, value: entry.value.slice(), meta: entry.meta?.slice() ?? null };
  }

  async read(ns: number, key: Bytes): Promise<KvReading | null> {
    const entry = this.#live(ns, text(key));
    if (entry === null) return null;
    const { value, meta, expires, rev } = entry;
    return {
      meta: meta?.slice() ?? null,
      expires,
      rev,
      sizeBytes: value.length,
      whole: value.length <= PIECE_BYTES ? value.slice() : null,
      pieces: () => pieces(value),
    };
  }

  async put(ns: number, key: Bytes, value: Bytes, options: KvPutOptions = {}): Promise<bigint | "conflict"> {
    const name = text(key);
    const account = this.#ownerOf(ns);
    if (!this.#ledger.isOpen(account)) await this.#ledger.open(account);
    const there = this.#live(ns, name);
    const rev = there?.rev ?? 0n;
    if (options.ifRev !== undefined && options.ifRev !== rev) return "conflict";
    let namespace = this.#namespaces.get(ns);
    const added = roomOf(key.length + value.length + (options.meta?.length ?? 0));
    const more = added - (there === null ? 0 : roomOfEntry(name, there)) + (namespace ? 0 : FILE_ROOM);
    if (more > 0) {
      if (this.#usedBy(account) + more > this.#ledger.roomFor("kv", account)) this.#makeRoom(account);
      this.#ledger.check("kv", account, this.#usedBy(account) + more);
    }
    this.#add(account, more);
    if (namespace === undefined) this.#namespaces.set(ns, (namespace = { entries: new Map(), keys: [] }));
    if (!namespace.entries.has(name)) namespace.keys.splice(position(namespace.keys, name), 0, name);
    const meta = options.meta === undefined ? null : new Uint8Array(options.meta);
    namespace.entries.set(name, {
      value: new Uint8Array(value),
      meta,
      expires: options.expires ?? null,
      rev: ++this.#rev,
    });
    return this.#rev;
  }

  async delete(ns: number, key: Bytes): Promise<void> {
    this.#live(ns, text(key));
    this.#remove(ns, text(key));
  }

  async list(ns: number, options: KvListOptions): Promise<KvListPage> {
    const prefix = text(options.prefix ?? new Uint8Array(0));
    const endBytes = afterPrefix(options.prefix ?? new Uint8Array(0));
    const after = options.after === undefined ? null : text(options.after);
    const all = this.#namespaces.get(ns)?.keys ?? [];
    const from = after === null || after < prefix ? prefix : `${after}\0`;
    const end = endBytes === null ? all.length : position(all, text(endBytes));
    const keys = [];
    for (const name of all.slice(position(all, from), end)) {
      const entry = this.#live(ns, name);
      if (entry === null) continue;
      if (keys.length === options.limit) return { keys, more: true };
      keys.push({ key: bytes(name), meta: entry.meta?.slice() ?? null, expires: entry.expires });
    }
    if (this.#closed) throw new StorageClosed();
    return { keys, more: false };
  }

  async drop(ns: number): Promise<void> {
    if (this.#closed) throw new StorageClosed();
    const namespace = this.#namespaces.get(ns);
    if (namespace === undefined) return;
    let room = FILE_ROOM;
    for (const [name, entry] of namespace.entries) room += roomOfEntry(name, entry);
    this.#namespaces.delete(ns);
    this.#add(this.#ownerOf(ns), -room);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#namespaces.clear();
  }

  #live(ns: number, name: string): KvEntry | null {
    if (this.#closed) throw new StorageClosed();
    const entry = this.#namespaces.get(ns)?.entries.get(name);
    if (entry === undefined) return null;
    if (entry.expires === null || entry.expires > this.#now()) return entry;
    this.#remove(ns, name);
    return null;
  }

  #remove(ns: number, name: string): void {
    const namespace = this.#namespaces.get(ns);
    const entry = namespace?.entries.get(name);
    if (namespace === undefined || entry === undefined) return;
    namespace.entries.delete(name);
    namespace.keys.splice(position(namespace.keys, name), 1);
    this.#add(this.#ownerOf(ns), -roomOfEntry(name, entry));
  }

  /** Removes some of what expired in an account's namespaces; the next call goes on from there. */
  #makeRoom(account: string): void {
    let removed = 0;
    for (let looks = 0, laps = 0; looks < LOOKS && removed < REMOVALS && laps < 2; looks++) {
      let walk = this.#walks.get(account);
      if (walk === undefined) this.#walks.set(account, (walk = this.#walk(account)));
      const { done, value } = walk.next();
      if (done === true) {
        this.#walks.delete(account);
        laps++;
      } else if (value !== null && (this.#namespaces.get(value.ns)?.entries.has(value.name) ?? false)) {
        if (this.#live(value.ns, value.name) === null) removed++;
      }
    }
  }

  /** All entries of an account, and null for each namespace of others. Entries may come and go meanwhile. */
  *#walk(account: string): Generator<{ ns: number; name: string } | null, void, undefined> {
    for (const [ns, { entries }] of this.#namespaces) {
      if (this.#ownerOf(ns) !== account) yield null;
      else for (const name of entries.keys()) yield { ns, name };
    }
  }

  #usedBy(account: string): number {
    return this.#ledger.storedBytes("kv", account);
  }

  #ownerOf(ns: number): string {
    return this.#owners.get(ns) ?? `namespace ${ns}`;
  }

  #add(account: string, bytes: number): void {
    this.#ledger.set("kv", account, this.#usedBy(account) + bytes);
  }
}

function roomOfEntry(name: string, { value, meta }: KvEntry): number {
  return roomOf(name.length + value.length + (meta?.length ?? 0));
}

async function* pieces(value: Bytes): AsyncGenerator<Bytes, void, undefined> {
  for (let at = 0; at < value.length; at += PIECE_BYTES) yield value.slice(at, at + PIECE_BYTES);
}

function text(key: Bytes): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
}

function bytes(name: string): Bytes {
  return Uint8Array.from(Buffer.from(name, "latin1"));
}

/** Where `name` stands, or would stand, in sorted `keys`. */
function position(keys: readonly string[], name: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
