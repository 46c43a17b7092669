import { mkdirSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { kvPath, openKvReader, PIECE_BYTES } from "./kv-file.ts";
import type { KvSync } from "./kv-file.ts";
import { afterPrefix } from "./kv-range.ts";
import { KvReader } from "./kv-reader.ts";
import type { KvListRow } from "./kv-reader.ts";
import type {
  Bytes,
  KvEntry,
  KvListOptions,
  KvListPage,
  KvPutOptions,
  KvReading,
  KvStore,
} from "./kv-store.ts";
import { KvThread } from "./kv-thread.ts";
import { CONFLICT } from "./kv-write.ts";
import type { DiskSpace } from "./disk-space.ts";
import { OpenFiles } from "./open-files.ts";
import { StorageLedger } from "./storage-ledger.ts";
import { StorageClosed } from "./storage-closed.ts";
import { StorageDamaged } from "./storage-damaged.ts";
import { Unavailable } from "./unavailable.ts";
import { ValueReplaced } from "./value-replaced.ts";
import type { QueueBounds } from "./write-queue.ts";

/** Options of {@link SqliteKv}. */
export interface SqliteKvOptions {
  /** Folder of the namespaces' files; made if it is not there. */
  readonly folder: string;
  /** The engine's clock, ms since the epoch. @default Date.now */
  readonly now?: () => number;
  /** @default "full" */
  readonly sync?: KvSync;
  /** Files that are open at once, for reading and again for writing. @default 128 */
  readonly openFiles?: number;
  /** How much may wait for the writer. */
  readonly queue?: QueueBounds;
  /** Says how much accounts may store, and hears how much they do. @default no limits */
  readonly ledger?: StorageLedger;
  /** Numbers of an account's namespaces. @default none but those that are written to */
  readonly namespacesOf?: (account: string) => readonly number[];
  /** Keeps some of the disk free. @default nobody does */
  readonly disk?: Pick<DiskSpace, "mustTake" | "give" | "period">;
}

/** Keys that one step of a list reads; between steps the event loop runs. */
const WINDOW = 1_024;
/** Pieces that are read in one go when a whole large value is asked for. */
const PIECES_AT_ONCE = 16;
const MAX_REV = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * KV on SQLite, a file per namespace. All writes go to one writer thread, in group commits; reads are
 * short and run inline: a row, a piece of 64 KiB, or a window of keys at a time.
 */
export class SqliteKv implements KvStore {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #readers: OpenFiles<KvReader>;
  readonly #thread: KvThread;
  readonly #disk: Pick<DiskSpace, "mustTake" | "give" | "period"> | undefined;
  #closed = false;

  constructor(options: SqliteKvOptions) {
    this.#folder = options.folder;
    this.#now = options.now ?? Date.now;
    const openFiles = options.openFiles ?? 128;
    this.#readers = new OpenFiles(openFiles);
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#disk = options.disk;
    const ledger = options.ledger ?? new StorageLedger();
    this.#thread = new KvThread({
      ledger,
      namespacesOf: options.namespacesOf ?? (() => []),
      folder: options.folder,
      sync: options.sync ?? "full",
      openFiles,
      now: this.#now,
      ...(options.queue === undefined ? {} : { queue: options.queue }),
    });
    ledger.countBy((account) => this.#thread.count(account));
  }

  /** The writer thread, for whoever has to see it die. */
  get thread(): KvThread {
    return this.#thread;
  }

  assign(ns: number, account: string): void {
    this.#thread.assign(ns, account);
  }

  async get(ns: number, key: Bytes): Promise<KvEntry | null> {
    const reading = await this.read(ns, key);
    if (reading === null) return null;
    const { meta, expires, rev } = reading;
    if (reading.whole !== null) return { value: reading.whole, meta, expires, rev };
    const value = new Uint8Array(reading.sizeBytes);
    let at = 0;
    let count = 0;
    for await (const piece of reading.pieces()) {
      value.set(piece, at);
      at += piece.length;
      if (++count % PIECES_AT_ONCE === 0) await nextTurn();
    }
    return { value, meta, expires, rev };
  }

  async read(ns: number, key: Bytes): Promise<KvReading | null> {
    const row = this.#reading(ns, (reader) => reader.row(key, this.#now()));
    if (row === null) return null;
    const { rev, size, value } = row;
    return {
      meta: row.meta,
      expires: row.expires,
      rev: BigInt(rev),
      sizeBytes: size,
      whole: value,
      pieces: () => (value === null ? this.#pieces(ns, rev, size) : once(value)),
    };
  }

  async put(ns: number, key: Bytes, value: Bytes, options: KvPutOptions = {}): Promise<bigint | "conflict"> {
    kvPath(this.#folder, ns);
    const ifRev = options.ifRev ?? null;
    if (ifRev !== null && (ifRev < 0n || ifRev > MAX_REV)) return "conflict";
    const bytes = key.length + value.length;
    this.#disk?.mustTake(bytes);
    // After the taking, which may have begun a look.
    const period = this.#disk?.period ?? 0;
    let rev: number;
    try {
      rev = await this.#thread.write(ns, {
        kind: "put",
        key,
        value,
        meta: options.meta ?? null,
        expires: options.expires ?? null,
        ifRev: ifRev === null ? null : Number(ifRev),
      });
    } catch (error) {
      if (!(error instanceof Unavailable && error.outcome === "unknown")) this.#disk?.give(bytes, period);
      throw error;
    }
    if (rev !== CONFLICT) return BigInt(rev);
    this.#disk?.give(bytes, period);
    return "conflict";
  }

  async delete(ns: number, key: Bytes): Promise<void> {
    kvPath(this.#folder, ns);
    await this.#thread.write(ns, { kind: "delete", key });
  }

  async list(ns: number, options: KvListOptions): Promise<KvListPage> {
    const prefix = options.prefix ?? new Uint8Array(0);
    const end = afterPrefix(prefix);
    const keys: KvListRow[] = [];
    let from = options.after === undefined ? prefix : later(prefix, next(options.after));
    for (;;) {
      const window = Math.min(WINDOW, options.limit + 1);
      const rows = this.#reading(ns, (reader) => reader.keys(from, end, window)) ?? [];
      const nowMs = this.#now();
      for (const row of rows) {
        if (row.expires !== null && row.expires <= nowMs) continue;
        if (keys.length === options.limit) return { keys, more: true };
        keys.push(row);
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < window) return { keys, more: false };
      // Only dead keys, not yet purged, make a second step: they may be many.
      from = next(last.key);
      await nextTurn();
    }
  }

  async drop(ns: number): Promise<void> {
    kvPath(this.#folder, ns);
    this.#readers.close(ns);
    await this.#thread.write(ns, { kind: "drop" });
    // A read since then may have opened the file that is gone now.
    this.#readers.close(ns);
  }

  /** Writes what waits and closes all files. */
  async close(): Promise<void> {
    this.#closed = true;
    // The writer closes each file last: then SQLite empties the log into it.
    this.#readers.closeAll();
    await this.#thread.close();
  }

  async *#pieces(ns: number, rev: number, size: number): AsyncGenerator<Bytes, void, undefined> {
    const count = Math.ceil(size / PIECE_BYTES);
    for (let n = 0; n < count; n++) {
      const piece = this.#reading(ns, (reader) => reader.piece(rev, n));
      if (piece === null) throw new ValueReplaced();
      yield piece;
    }
  }

  #reading<T>(ns: number, read: (reader: KvReader) => T): T | null {
    if (this.#closed) throw new StorageClosed();
    const path = kvPath(this.#folder, ns);
    try {
      let reader = this.#readers.get(ns);
      if (reader === undefined) {
        const db = openKvReader(path);
        if (db === null) return null;
        reader = new KvReader(db);
        this.#readers.add(ns, reader);
      }
      return read(reader);
    } catch (cause) {
      this.#readers.close(ns);
      throw readError(path, cause);
    }
  }
}

async function* once(value: Bytes): AsyncGenerator<Bytes, void, undefined> {
  yield value;
}

function readError(path: string, cause: unknown): Error {
  const code = (cause as { code?: string }).code ?? "ERROR";
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB")
    return new StorageDamaged(path, reason, { cause });
  return new Unavailable("no", `read failed: ${code}: ${reason}`, { cause });
}

/** The smallest key after this one. */
function next(key: Bytes): Bytes {
  const after = new Uint8Array(key.length + 1);
  after.set(key);
  return after;
}

function later(a: Bytes, b: Bytes): Bytes {
  return Buffer.compare(a, b) >= 0 ? a : b;
}
