import { randomUUID } from "node:crypto";
import { existsSync, renameSync, statSync, unlinkSync, utimesSync } from "node:fs";
import { mkdir, open, readdir, rm, utimes, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AssetReading, AssetStore } from "./asset-store.ts";
import type { Bytes } from "./kv-store.ts";

/** Where files are written before they get their names. No account is named so. */
const ARRIVING = ".arriving";

/**
 * Assets as files: a folder for each account, in it one for each two letters that names end in. A file is written
 * aside, synced and renamed, so that its name says that it is whole.
 */
export class FileAssets implements AssetStore {
  readonly #folder: string;
  readonly #now: () => number;
  #ready: Promise<void> | null = null;
  /** Files whose time is being set, which may take a while, and how often. They count as used now. */
  readonly #touching = new Map<string, number>();
  /** Folders that are being made, and named for good in those above. */
  readonly #making = new Map<string, Promise<void>>();

  constructor(folder: string, now: () => number = Date.now) {
    this.#folder = folder;
    this.#now = now;
  }

  async touch(account: string, name: string): Promise<boolean> {
    const nowS = this.#now() / 1_000;
    const path = this.#pathOf(account, name);
    this.#touching.set(path, (this.#touching.get(path) ?? 0) + 1);
    try {
      await utimes(path, nowS, nowS);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    } finally {
      const others = this.#touching.get(path)! - 1;
      if (others > 0) this.#touching.set(path, others);
      else this.#touching.delete(path);
    }
  }

  async write(
    account: string,
    pieces: AsyncIterable<Bytes> | Iterable<Bytes>,
    nameOf: (sizeBytes: number) => string,
  ): Promise<{ name: string; isNew: boolean }> {
    // One that failed, as on a full disk, is tried again by the next write.
    await (this.#ready ??= this.#clear().catch((error: unknown) => {
      this.#ready = null;
      throw error;
    }));
    const aside = join(this.#folder, ARRIVING, randomUUID());
    try {
      const sizeBytes = await writeSynced(aside, pieces);
      const name = nameOf(sizeBytes);
      const path = this.#pathOf(account, name);
      await this.#makeFolder(dirname(path));
      // Its time is that of the store's clock, as touching makes it.
      const nowS = this.#now() / 1_000;
      await utimes(aside, nowS, nowS);
      // In one go, so that of two writes of one content one is the first.
      const isNew = !existsSync(path);
      if (isNew) renameSync(aside, path);
      else utimesSync(path, nowS, nowS);
      // Also for one that is there: whoever wrote it may not have come to this yet.
      await syncFolder(dirname(path));
      return { name, isNew };
    } finally {
      await rm(aside, { force: true });
    }
  }

  async open(account: string, name: string): Promise<AssetReading | null> {
    try {
      return new FileReading(await open(this.#pathOf(account, name), "r"));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async list(account: string): Promise<string[]> {
    const names: string[] = [];
    for (const shard of await entries(join(this.#folder, account)))
      for (const name of await entries(join(this.#folder, account, shard))) names.push(name);
    return names;
  }

  async removeUnused(account: string, name: string, sinceMs: number): Promise<boolean> {
    const path = this.#pathOf(account, name);
    try {
      // In one go: nothing in this process can touch the file between the look and the end, and no other process has
      // the folder. A touch that was begun before may set the time of a file that is gone, and so it counts here.
      if (this.#touching.has(path) || statSync(path).mtimeMs >= sinceMs) return false;
      unlinkSync(path);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async accounts(): Promise<string[]> {
    return (await entries(this.#folder)).filter((name) => name !== ARRIVING);
  }

  /** Removes what was on its way when the host ended. */
  async #clear(): Promise<void> {
    const folder = join(this.#folder, ARRIVING);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(this.#folder);
    await syncFolder(dirname(this.#folder));
  }

  /** Whoever finds a folder that another write is making waits until it is named for good. */
  async #makeFolder(path: string): Promise<void> {
    let making = this.#making.get(path);
    if (making === undefined) {
      making = makeFolder(path, this.#folder).finally(() => this.#making.delete(path));
      this.#making.set(path, making);
    }
    await making;
  }

  #pathOf(account: string, name: string): string {
    return join(this.#folder, account, name.slice(-2), name);
  }
}

class FileReading implements AssetReading {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async read(position: number, length: number): Promise<Bytes> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#file.read(bytes, filled, length - filled, position + filled);
      if (bytesRead === 0) return bytes.slice(0, filled);
      filled += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function writeSynced(path: string, pieces: AsyncIterable<Bytes> | Iterable<Bytes>): Promise<number> {
  const file = await open(path, "wx", 0o600);
  try {
    let sizeBytes = 0;
    for await (const piece of pieces) {
      await file.writeFile(piece);
      sizeBytes += piece.length;
    }
    await file.sync();
    return sizeBytes;
  } finally {
    await file.close();
  }
}

/** Makes a folder and those above it up to `root`, each named for good in the one above. */
async function makeFolder(path: string, root: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let at = path; at.length > root.length;) {
    at = dirname(at);
    await syncFolder(at);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch {
    // Not every system can: a name may then be lost with the power, and the content is asked for again.
  } finally {
    await folder.close();
  }
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
