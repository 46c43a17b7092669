import { randomUUID } from "node:crypto";
import { statSync, unlinkSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, utimes, type FileHandle } from "node:fs/promises";
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

  constructor(folder: string, now: () => number = Date.now) {
    this.#folder = folder;
    this.#now = now;
  }

  async touch(account: string, name: string): Promise<boolean> {
    const nowS = this.#now() / 1_000;
    try {
      await utimes(this.#pathOf(account, name), nowS, nowS);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async write(
    account: string,
    pieces: AsyncIterable<Bytes> | Iterable<Bytes>,
    nameOf: (sizeBytes: number) => string,
  ): Promise<{ name: string; isNew: boolean }> {
    await (this.#ready ??= this.#clear());
    const aside = join(this.#folder, ARRIVING, randomUUID());
    try {
      const sizeBytes = await writeSynced(aside, pieces);
      const name = nameOf(sizeBytes);
      if (await this.touch(account, name)) return { name, isNew: false };
      const path = this.#pathOf(account, name);
      await makeFolder(dirname(path), this.#folder);
      // Its time is that of the store's clock, as touching makes it.
      const nowS = this.#now() / 1_000;
      await utimes(aside, nowS, nowS);
      await rename(aside, path);
      await syncFolder(dirname(path));
      return { name, isNew: true };
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
      names.push(...(await entries(join(this.#folder, account, shard))));
    return names;
  }

  async removeUnused(account: string, name: string, sinceMs: number): Promise<boolean> {
    const path = this.#pathOf(account, name);
    try {
      // In one go: nothing in this process can touch the file between the look and the end.
      if (statSync(path).mtimeMs >= sinceMs) return false;
      unlinkSync(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return true;
  }

  async accounts(): Promise<string[]> {
    return (await entries(this.#folder)).filter((name) => name !== ARRIVING);
  }

  /** Removes what was on its way when the host ended. */
  async #clear(): Promise<void> {
    const folder = join(this.#folder, ARRIVING);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
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
