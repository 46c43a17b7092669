import { mkdirSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BodyWriter, CacheBodies } from "./cache-bodies.ts";
import type { Bytes } from "./kv-store.ts";
import { OpenBodyFiles } from "./open-body-files.ts";

const PART = ".part";
const OPEN_FILES = 256;

/** Large bodies as files of one folder. */
export class FileBodies implements CacheBodies {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #open = new OpenBodyFiles(OPEN_FILES);
  #made = 0;

  /** @param prefix Of the names; another one in each life of the host, so that no name comes twice. */
  constructor(folder: string, prefix: string) {
    this.#folder = folder;
    this.#prefix = prefix;
  }

  async create(): Promise<BodyWriter> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const name = `${this.#prefix}-${(++this.#made).toString(36)}`;
    const path = join(this.#folder, name);
    // Only made here: many may be on their way at once, and few files are kept open.
    await (await open(path + PART, "wx", 0o600)).close();
    return new FileWriter(name, path, this.#open);
  }

  async read(name: string, position: number, length: number): Promise<Bytes> {
    const bytes = new Uint8Array(length);
    await this.#open.read(join(this.#folder, name), position, bytes);
    return bytes;
  }

  remove(name: string): void {
    const path = join(this.#folder, name);
    this.#open.forget(path);
    rm(path, { force: true }).catch(() => {}); // the next start removes it
  }

  async close(): Promise<void> {
    this.#open.closeAll();
  }
}

class FileWriter implements BodyWriter {
  readonly name: string;
  readonly #path: string;
  readonly #part: string;
  readonly #open: OpenBodyFiles;
  #size = 0;

  constructor(name: string, path: string, open: OpenBodyFiles) {
    this.name = name;
    this.#path = path;
    this.#part = path + PART;
    this.#open = open;
  }

  async write(bytes: Bytes): Promise<void> {
    await this.#open.write(this.#part, this.#size, bytes);
    this.#size += bytes.length;
  }

  async finish(): Promise<void> {
    // Before the index names it: after a loss of power there must be no entry whose bytes are not there.
    await this.#open.sync(this.#part);
    this.#open.forget(this.#part);
    await rename(this.#part, this.#path);
  }

  async abort(): Promise<void> {
    this.#open.forget(this.#part);
    await rm(this.#part, { force: true });
    await rm(this.#path, { force: true });
  }
}
