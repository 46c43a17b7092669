import type { AssetReading, AssetStore } from "./asset-store.ts";
import type { Bytes } from "./kv-store.ts";

interface Piece {
  readonly bytes: Bytes;
  usedAtMs: number;
}

/** Assets of a host without a data folder. */
export class MemoryAssets implements AssetStore {
  readonly #accounts = new Map<string, Map<string, Piece>>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async touch(account: string, name: string): Promise<boolean> {
    const piece = this.#accounts.get(account)?.get(name);
    if (piece !== undefined) piece.usedAtMs = this.#now();
    return piece !== undefined;
  }

  async write(
    account: string,
    pieces: AsyncIterable<Bytes> | Iterable<Bytes>,
    nameOf: (sizeBytes: number) => string,
  ): Promise<{ name: string; isNew: boolean }> {
    const parts: Bytes[] = [];
    let sizeBytes = 0;
    for await (const piece of pieces) {
      parts.push(Uint8Array.from(piece));
      sizeBytes += piece.length;
    }
    const name = nameOf(sizeBytes);
    const bytes = Uint8Array.from(Buffer.concat(parts));
    const usedAtMs = this.#now();
    // In one go, so that of two writes of one content one is the first, and neither goes to a map that was let go.
    const of = this.#accounts.get(account) ?? new Map<string, Piece>();
    const there = of.get(name);
    if (there !== undefined) there.usedAtMs = usedAtMs;
    else this.#accounts.set(account, of.set(name, { bytes, usedAtMs }));
    return { name, isNew: there === undefined };
  }

  async open(account: string, name: string): Promise<AssetReading | null> {
    const bytes = this.#accounts.get(account)?.get(name)?.bytes;
    if (bytes === undefined) return null;
    return {
      read: async (position, length) => bytes.slice(position, position + length),
      close: async () => {},
    };
  }

  async list(account: string): Promise<string[]> {
    return [...(this.#accounts.get(account)?.keys() ?? [])];
  }

  async removeUnused(account: string, name: string, sinceMs: number): Promise<boolean> {
    const of = this.#accounts.get(account);
    const piece = of?.get(name);
    if (piece === undefined || piece.usedAtMs >= sinceMs) return false;
    of?.delete(name);
    if (of?.size === 0) this.#accounts.delete(account);
    return true;
  }

  async accounts(): Promise<string[]> {
    return [...this.#accounts.keys()];
  }
}
