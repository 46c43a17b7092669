import { ByteBlock } from "./byte-block.ts";
import type { BodyWriter, CacheBodies } from "./cache-bodies.ts";
import { CacheFull } from "./cache-full.ts";
import type { CacheInsert } from "./cache-row.ts";
import {
  CACHE_INLINE_BYTES,
  type CacheHead,
  type CacheKey,
  type CacheQuota,
  type CacheWriting,
} from "./cache-store.ts";
import type { Bytes } from "./kv-store.ts";
import { StorageClosed } from "./storage-closed.ts";
import { Unavailable } from "./unavailable.ts";

interface WritingParts {
  readonly quota: CacheQuota;
  readonly bodies: CacheBodies;
  /** Counts bytes under way, and those of them that are in memory, or takes them back; false if there is no room. */
  readonly grow: (bytes: number, inMemory: number) => boolean;
  readonly insert: (row: CacheInsert) => Promise<void>;
}

/** A body on its way into a cache: in memory as long as it is small, then in a file without an entry. */
export class CacheBodyWriting implements CacheWriting {
  readonly #parts: WritingParts;
  readonly #block = new ByteBlock(CACHE_INLINE_BYTES);
  #size = 0;
  #counted = 0;
  #inMemory = 0;
  #writer: BodyWriter | null = null;

  constructor(parts: WritingParts) {
    this.#parts = parts;
  }

  async write(bytes: Bytes): Promise<void> {
    this.#size += bytes.length;
    for (let rest = bytes; rest.length > 0;) {
      if (this.#block.full) await this.#flush();
      const before = rest.length;
      rest = this.#block.fill(rest);
      this.#count(before - rest.length);
    }
  }

  async commit(key: CacheKey, head: CacheHead, hasBody: boolean): Promise<void> {
    const { insert, quota } = this.#parts;
    const writer = this.#writer;
    const row = { key, head, quota, sizeBytes: hasBody ? this.#size : null };
    if (writer === null) {
      await insert({ ...row, file: null, body: hasBody ? this.#block.take() : null });
    } else {
      await onDisk(async () => {
        await writer.write(this.#block.take());
        await writer.finish();
      });
      try {
        await insert({ ...row, file: writer.name, body: null });
      } catch (error) {
        // If nobody can tell whether the entry is there, its body has to stay; the next start sees.
        if (error instanceof Unavailable && error.outcome === "unknown") this.#writer = null;
        throw error;
      }
    }
    this.#writer = null;
    this.#end();
  }

  async abort(): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    try {
      await writer?.abort();
    } finally {
      this.#end();
    }
  }

  async #flush(): Promise<void> {
    await onDisk(async () => {
      this.#writer ??= await this.#parts.bodies.create();
      await this.#writer.write(this.#block.take());
    });
    this.#parts.grow(0, -this.#inMemory);
    this.#inMemory = 0;
  }

  #count(bytes: number): void {
    if (!this.#parts.grow(bytes, bytes)) throw new CacheFull();
    this.#counted += bytes;
    this.#inMemory += bytes;
  }

  #end(): void {
    this.#parts.grow(-this.#counted, -this.#inMemory);
    this.#counted = this.#inMemory = 0;
  }
}

async function onDisk(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof StorageClosed) throw cause;
    const code = (cause as { code?: string }).code ?? "ERROR";
    throw new Unavailable("no", `a body of the cache cannot be written: ${code}`, { cause });
  }
}
