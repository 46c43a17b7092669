import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AssetStore } from "./asset-store.ts";
import type { CacheStore } from "./cache-store.ts";
import type { ControlStore } from "./control-store.ts";
import { DiskSpace } from "./disk-space.ts";
import { FileAssets } from "./file-assets.ts";
import { FolderLock } from "./folder-lock.ts";
import type { IndexedCache } from "./indexed-cache.ts";
import { kvPath, removeKvFile } from "./kv-file.ts";
import type { KvStore } from "./kv-store.ts";
import type { StoreOptions } from "./memory-stores.ts";
import { openCacheFolder } from "./open-cache.ts";
import { SqliteControl } from "./sqlite-control.ts";
import type { SqliteDropped } from "./sqlite-dropped.ts";
import { SqliteKv } from "./sqlite-kv.ts";
import type { SqliteKvOptions } from "./sqlite-kv.ts";
import { StorageLedger } from "./storage-ledger.ts";
import type { Stores } from "./stores.ts";

/** A data folder that this host holds. */
export interface DataFolder extends Stores {
  /** Absolute. */
  readonly path: string;
}

/** How the stores in a data folder work. */
export interface DataFolderOptions
  extends StoreOptions, Pick<SqliteKvOptions, "sync" | "openFiles" | "queue"> {
  /** Free space of the disk below which nobody may store more. @default 0: none is kept */
  readonly minFreeBytes?: number;
}

/**
 * Opens a data folder for this host alone, and makes it if it is not there. The lock goes when the
 * folder is closed or the process ends, however it ends.
 * @throws {DataFolderInUse} if another host, or this process, has it open.
 * @throws {StorageDamaged} if `control.db` is damaged.
 * @throws {StorageTooNew} if a newer Skerry wrote it.
 *
 * @example
 * await using data = openDataFolder("./data");
 * const ns = data.control.ensureNamespace({ account: "a", id: "guestbook", nowMs: Date.now() });
 * await data.kv.put(ns, key, value);
 */
export function openDataFolder(path: string, options: DataFolderOptions = {}): DataFolder {
  const folder = resolve(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new FolderLock(folder);
  try {
    const ledger = new StorageLedger(options.storageLimitOf);
    const disk = new DiskSpace({ folder, minFreeBytes: options.minFreeBytes ?? 0 });
    const control = new SqliteControl(join(folder, "control.db"), ledger, disk);
    const namespacesOf = (account: string): number[] => control.listNamespaces(account).map(({ ns }) => ns);
    removeDropped(control.dropped, join(folder, "kv"));
    const kv = new SqliteKv({ ...options, folder: join(folder, "kv"), ledger, namespacesOf, disk });
    const cache = openCacheFolder(join(folder, "cache"), options.now, options.cacheSpent, disk);
    const assets = new FileAssets(join(folder, "assets"), options.now);
    return new OpenDataFolder(folder, lock, { control, kv, cache, assets, ledger, disk });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Removes the files of deleted namespaces that are there still. Nobody has them open, or a number of theirs, yet. */
function removeDropped(dropped: SqliteDropped, folder: string): void {
  const gone = dropped.list().filter((ns) => {
    const path = kvPath(folder, ns);
    try {
      if (existsSync(path)) removeKvFile(path);
      return true;
    } catch {
      return false; // the next start tries again
    }
  });
  if (gone.length > 0) dropped.forget(gone);
}

interface OpenStores {
  readonly control: ControlStore;
  readonly kv: SqliteKv;
  readonly cache: IndexedCache;
  readonly assets: AssetStore;
  readonly ledger: StorageLedger;
  readonly disk: DiskSpace;
}

class OpenDataFolder implements DataFolder {
  readonly path: string;
  readonly control: ControlStore;
  readonly kv: KvStore;
  readonly cache: CacheStore;
  readonly assets: AssetStore;
  readonly ledger: StorageLedger;
  readonly disk: DiskSpace;
  readonly #lock: FolderLock;
  readonly #sqliteKv: SqliteKv;
  readonly #indexedCache: IndexedCache;
  #closing: Promise<void> | null = null;

  constructor(path: string, lock: FolderLock, { control, kv, cache, assets, ledger, disk }: OpenStores) {
    this.assets = assets;
    this.ledger = ledger;
    this.disk = disk;
    this.path = path;
    this.control = control;
    this.kv = kv;
    this.#lock = lock;
    this.#sqliteKv = kv;
    this.cache = cache;
    this.#indexedCache = cache;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#sqliteKv.close();
      await this.#indexedCache.close();
      this.control.close();
    } finally {
      this.#lock.release();
    }
  }
}
