import type { AssetStore } from "../storage/asset-store.ts";
import { roomOf } from "./piece-name.ts";

/** How much each account keeps. Counted once from what is there, then carried on. */
export class AssetUsage {
  readonly #store: AssetStore;
  readonly #bytes = new Map<string, Promise<{ used: number }>>();
  readonly #onChange: (account: string, usedBytes: number) => void;

  /** @param onChange hears how much an account keeps, first when it is counted */
  constructor(store: AssetStore, onChange: (account: string, usedBytes: number) => void = () => {}) {
    this.#store = store;
    this.#onChange = onChange;
  }

  /** What an account keeps, with what is on its way, in bytes. */
  async of(account: string): Promise<number> {
    return (await this.#usage(account)).used;
  }

  /** @param bytes below zero for what is gone */
  async add(account: string, bytes: number): Promise<void> {
    const usage = await this.#usage(account);
    usage.used += bytes;
    this.#onChange(account, usage.used);
  }

  async #usage(account: string): Promise<{ used: number }> {
    const known = this.#bytes.get(account);
    if (known !== undefined) return await known;
    const counted = this.#store.list(account).then((names) => {
      const used = names.reduce((sum, name) => sum + roomOf(name), 0);
      this.#onChange(account, used);
      return { used };
    });
    this.#bytes.set(account, counted);
    // A folder that could not be read is tried again.
    counted.catch(() => this.#bytes.delete(account));
    return await counted;
  }
}
