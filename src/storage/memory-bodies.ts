import type { BodyWriter, CacheBodies } from "./cache-bodies.ts";
import type { Bytes } from "./kv-store.ts";

/** Large bodies in memory. */
export class MemoryBodies implements CacheBodies {
  readonly #bodies = new Map<string, readonly Bytes[]>();
  #made = 0;

  async create(): Promise<BodyWriter> {
    const name = `${++this.#made}`;
    const chunks: Bytes[] = [];
    return {
      name,
      write: async (bytes) => void chunks.push(bytes),
      finish: async () => void this.#bodies.set(name, chunks),
      abort: async () => void this.#bodies.delete(name),
    };
  }

  async read(name: string, position: number, length: number): Promise<Bytes> {
    const read = new Uint8Array(length);
    let start = 0;
    let filled = 0;
    for (const chunk of this.#bodies.get(name) ?? []) {
      const from = position + filled - start;
      if (from < chunk.length) {
        const part = chunk.subarray(from, from + length - filled);
        read.set(part, filled);
        filled += part.length;
      }
      start += chunk.length;
      if (filled === length) return read;
    }
    throw new Error("the body is not there");
  }

  remove(name: string): void {
    this.#bodies.delete(name);
  }

  async close(): Promise<void> {
    this.#bodies.clear();
  }
}
