/** Counts what runs at once under a name, and refuses what is over. */
export class Concurrency {
  readonly #running = new Map<string, number>();

  /**
   * Takes a place under `key` unless `limit` places are taken.
   * @returns Whether there was one; then `leave` must follow once.
   */
  enter(key: string, limit: number): boolean {
    const running = this.#running.get(key) ?? 0;
    if (running >= limit) return false;
    this.#running.set(key, running + 1);
    return true;
  }

  leave(key: string): void {
    const running = this.#running.get(key) ?? 0;
    if (running <= 1) this.#running.delete(key);
    else this.#running.set(key, running - 1);
  }

  /** How many places are taken under `key`. */
  running(key: string): number {
    return this.#running.get(key) ?? 0;
  }
}
