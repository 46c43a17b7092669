import { CallError } from "../binding.ts";

/**
 * Keys and digests of all isolates of one account, and of all accounts. Each takes about 1.2 KB of the heap of the
 * thread that holds them, and what is too much for that ends it, with everybody's keys.
 */
export const KEYS_PER_ACCOUNT = 32_768;
export const KEYS_IN_ALL = 131_072;

/** Counts the keys and digests that the host holds, or is about to make. */
export class KeyCount {
  readonly #accounts = new Map<string, number>();
  #all = 0;

  /**
   * Counts some more.
   * @returns gives them back; calling it again does nothing
   * @throws CallError if there is no room
   */
  take(account: string, count: number): () => void {
    const held = (this.#accounts.get(account) ?? 0) + count;
    if (held > KEYS_PER_ACCOUNT || this.#all + count > KEYS_IN_ALL)
      throw new CallError("OperationError", "Too many keys: the host holds all that it may.");
    this.#accounts.set(account, held);
    this.#all += count;
    let given = false;
    return () => {
      if (!given) this.#give(account, count);
      given = true;
    };
  }

  #give(account: string, count: number): void {
    const held = (this.#accounts.get(account) ?? 0) - count;
    if (held > 0) this.#accounts.set(account, held);
    else this.#accounts.delete(account);
    this.#all -= count;
  }
}
