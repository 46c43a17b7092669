/** What an entry takes beside its bytes. */
const ENTRY_BYTES = 256;

/** Byte arrays that were asked for lately, up to a sum; what is loaded is loaded once. */
export class RecentBytes {
  readonly #maxBytes: number;
  /** The one that was asked for longest ago comes first. */
  readonly #entries = new Map<string, Uint8Array>();
  readonly #loading = new Map<string, Promise<Uint8Array>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws what `load` throws */
  async get(key: string, load: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const found = this.#entries.get(key);
    if (found !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, found);
      return found;
    }
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      loading = load();
      this.#loading.set(key, loading);
      const done = (): unknown => this.#loading.delete(key);
      loading.then(done, done);
      void loading.then(
        (bytes) => this.#keep(key, bytes),
        () => {},
      );
    }
    return await loading;
  }

  #keep(key: string, bytes: Uint8Array): void {
    this.#entries.set(key, bytes);
    this.#bytes += bytes.length + ENTRY_BYTES;
    for (const [oldest, { length }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#entries.delete(oldest);
      this.#bytes -= length + ENTRY_BYTES;
    }
  }
}
