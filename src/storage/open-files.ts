/** Open files by namespace; the least recently used one is closed when there are too many. */
export class OpenFiles<F extends { close(): void }> {
  readonly #files = new Map<number, F>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(ns: number): F | undefined {
    const file = this.#files.get(ns);
    if (file !== undefined) {
      this.#files.delete(ns);
      this.#files.set(ns, file);
    }
    return file;
  }

  add(ns: number, file: F): void {
    this.#files.set(ns, file);
    if (this.#files.size <= this.#most) return;
    for (const oldest of this.#files.keys()) {
      this.close(oldest);
      return;
    }
  }

  close(ns: number): void {
    const file = this.#files.get(ns);
    this.#files.delete(ns);
    file?.close();
  }

  closeAll(): void {
    for (const ns of [...this.#files.keys()]) this.close(ns);
  }

  *[Symbol.iterator](): Generator<[number, F], void, undefined> {
    yield* [...this.#files];
  }
}
