import type { CacheBodies } from "./cache-bodies.ts";

interface Leased {
  readonly account: string;
  readonly sizeBytes: number;
  readers: number;
  /** Its entry is gone: it goes with its last reader. */
  doomed: boolean;
}

/**
 * Who reads which body: one whose entry was replaced or dropped stays until its last reader is done. Such
 * bodies are counted by account, since no quota of entries sees them.
 */
export class BodyLeases {
  readonly #bodies: CacheBodies;
  readonly #leased = new Map<string, Leased>();
  readonly #doomedBytes = new Map<string, number>();

  constructor(bodies: CacheBodies) {
    this.#bodies = bodies;
  }

  /** Keeps a body for a reader. @returns What ends that; calling it again does nothing. */
  take(name: string, account: string, sizeBytes: number): () => void {
    const leased = this.#leased.get(name) ?? { account, sizeBytes, readers: 0, doomed: false };
    leased.readers++;
    this.#leased.set(name, leased);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      if (--leased.readers > 0) return;
      this.#leased.delete(name);
      if (!leased.doomed) return;
      this.#count(leased, -leased.sizeBytes);
      this.#bodies.remove(name);
    };
  }

  /** Removes a body now, or with its last reader. */
  remove(name: string): void {
    const leased = this.#leased.get(name);
    if (leased === undefined) return this.#bodies.remove(name);
    if (leased.doomed) return;
    leased.doomed = true;
    this.#count(leased, leased.sizeBytes);
  }

  /** Bytes of the account's bodies that are kept for readers only. */
  doomedBytes(account: string): number {
    return this.#doomedBytes.get(account) ?? 0;
  }

  #count({ account }: Leased, bytes: number): void {
    const after = this.doomedBytes(account) + bytes;
    if (after > 0) this.#doomedBytes.set(account, after);
    else this.#doomedBytes.delete(account);
  }
}
