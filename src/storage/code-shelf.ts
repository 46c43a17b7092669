import { workerKey } from "../ids/worker-key.ts";
import type { Bytes } from "./kv-store.ts";

/** What is kept of all versions together, and the largest that is kept, in bytes: of a larger one reading is the least. */
const MAX_BYTES = 16 * 1024 * 1024;
export const MOST_KEPT_BYTES: number = 64 * 1024;
/** What an entry takes beside its bytes. */
const ENTRY_BYTES = 256;

interface Kept {
  readonly worker: string;
  readonly packed: Bytes;
}

/** The packed code of small versions in memory; what was not read for longest goes first. */
export class CodeShelf {
  readonly #maxBytes: number;
  /** By version, in order of use, the oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #versions = new Map<string, Set<string>>();
  #bytes = 0;

  /** @param maxBytes of all together @default 16 MiB */
  constructor(maxBytes: number = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Whether what is put from now on pushes out something else. */
  get isFull(): boolean {
    return this.#bytes + MOST_KEPT_BYTES > this.#maxBytes;
  }

  has(version: string): boolean {
    return this.#kept.has(version);
  }

  get(version: string): Bytes | undefined {
    const found = this.#kept.get(version);
    if (found === undefined) return undefined;
    this.#kept.delete(version);
    this.#kept.set(version, found);
    return found.packed;
  }

  put(account: string, worker: string, version: string, packed: Bytes): void {
    if (packed.length > MOST_KEPT_BYTES || this.#kept.has(version)) return;
    const key = workerKey(account, worker);
    this.#kept.set(version, { worker: key, packed });
    this.#bytes += packed.length + ENTRY_BYTES;
    const versions = this.#versions.get(key);
    if (versions === undefined) this.#versions.set(key, new Set([version]));
    else versions.add(version);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(oldest);
    }
  }

  /** Versions of the worker may be gone. */
  forget(account: string, worker: string): void {
    for (const version of [...(this.#versions.get(workerKey(account, worker)) ?? [])]) this.#drop(version);
  }

  #drop(version: string): void {
    const found = this.#kept.get(version);
    if (found === undefined) return;
    this.#kept.delete(version);
    this.#bytes -= found.packed.length + ENTRY_BYTES;
    const versions = this.#versions.get(found.worker);
    versions?.delete(version);
    if (versions?.size === 0) this.#versions.delete(found.worker);
  }
}
