import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readHostSecret } from "./host-secret.ts";

const MAC_BYTES = 32;
const SUFFIX = ".cache";

/**
 * Code caches as files, each behind a MAC over its key and content: V8 runs what is in them without
 * checks, so only what this host wrote may be handed to it.
 */
export class CodeCacheFolder {
  readonly #dataFolder: string;
  readonly #folder: string;
  readonly #maxBytes: number;
  #opened: Promise<{ secret: Uint8Array; sizes: Map<string, number> }> | undefined;

  constructor(dataFolder: string, maxBytes: number) {
    this.#dataFolder = dataFolder;
    this.#folder = join(dataFolder, "code-cache");
    this.#maxBytes = maxBytes;
  }

  async load(key: string): Promise<Uint8Array | undefined> {
    const { secret, sizes } = await this.#open();
    if (!sizes.has(key)) return undefined;
    const bytes = await readFile(this.#path(key)).catch(() => undefined);
    if (bytes !== undefined && bytes.length >= MAC_BYTES) {
      // No copy: it may be megabytes, and a start waits for it.
      const content = new Uint8Array(bytes.buffer, bytes.byteOffset + MAC_BYTES, bytes.length - MAC_BYTES);
      if (timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(secret, key, content))) {
        this.#touch(key, sizes);
        return content;
      }
    }
    await this.#remove(key, sizes);
    return undefined;
  }

  async save(key: string, codeCache: Uint8Array): Promise<void> {
    const size = MAC_BYTES + codeCache.length;
    if (size > this.#maxBytes) return;
    const { secret, sizes } = await this.#open();
    const partial = join(this.#folder, `${randomUUID()}.tmp`);
    try {
      await writeFile(partial, Buffer.concat([mac(secret, key, codeCache), codeCache]), { mode: 0o600 });
      await rename(partial, this.#path(key));
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    sizes.delete(key);
    sizes.set(key, size);
    await this.#makeRoom(sizes);
  }

  async #makeRoom(sizes: Map<string, number>): Promise<void> {
    let total = 0;
    for (const size of sizes.values()) total += size;
    for (const [key, size] of [...sizes]) {
      if (total <= this.#maxBytes) break;
      total -= size;
      await this.#remove(key, sizes);
    }
  }

  /** The order of use lives in the map, and in the files' times for the next start. */
  #touch(key: string, sizes: Map<string, number>): void {
    const size = sizes.get(key) ?? 0;
    sizes.delete(key);
    sizes.set(key, size);
    const now = new Date();
    utimes(this.#path(key), now, now).catch(() => {});
  }

  async #remove(key: string, sizes: Map<string, number>): Promise<void> {
    sizes.delete(key);
    await rm(this.#path(key), { force: true });
  }

  #path(key: string): string {
    return join(this.#folder, key + SUFFIX);
  }

  async #open(): Promise<{ secret: Uint8Array; sizes: Map<string, number> }> {
    this.#opened ??= this.#read();
    try {
      return await this.#opened;
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }

  async #read(): Promise<{ secret: Uint8Array; sizes: Map<string, number> }> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const secret = await readHostSecret(join(this.#dataFolder, "code-cache.secret"));
    const found: { key: string; size: number; usedMs: number }[] = [];
    for (const file of await readdir(this.#folder)) {
      const path = join(this.#folder, file);
      if (!file.endsWith(SUFFIX)) await rm(path, { force: true });
      else {
        const { size, mtimeMs } = await stat(path);
        found.push({ key: file.slice(0, -SUFFIX.length), size, usedMs: mtimeMs });
      }
    }
    found.sort((a, b) => a.usedMs - b.usedMs);
    return { secret, sizes: new Map(found.map(({ key, size }) => [key, size])) };
  }
}

function mac(secret: Uint8Array, key: string, content: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(key).update(content).digest();
}
