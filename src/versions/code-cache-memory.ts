/** Code caches by key, in memory; the one that was not used for longest goes first. */
export class CodeCacheMemory {
  readonly #maxBytes: number;
  /** In order of use, the oldest first. */
  readonly #entries = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  async load(key: string): Promise<Uint8Array | undefined> {
    const found = this.#entries.get(key);
    if (found === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, found);
    return found;
  }

  async save(key: string, codeCache: Uint8Array): Promise<void> {
    this.#drop(key);
    if (codeCache.length > this.#maxBytes) return;
    this.#entries.set(key, new Uint8Array(codeCache));
    this.#bytes += codeCache.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.length ?? 0;
    this.#entries.delete(key);
  }
}
