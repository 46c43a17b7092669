import { SharedRoom } from "../../limits/shared-room.ts";
import { CallError } from "../binding.ts";

/**
 * Keys and digests of all isolates of one account, and of all accounts. Each takes about 1.2 KB of the heap of the
 * thread that holds them, and what is too much for that ends it, with everybody's keys.
 */
export const KEYS_PER_ACCOUNT = 32_768;
export const KEYS_IN_ALL = 131_072;
/** What they may take together, by estimate. */
export const KEY_BYTES_PER_ACCOUNT: number = 64 * 1024 * 1024;
export const KEY_BYTES_IN_ALL: number = 512 * 1024 * 1024;

/** Counts the keys and digests that the host holds, or is about to make, and what they take. */
export class KeyCount {
  readonly #keys = new SharedRoom({ all: KEYS_IN_ALL, perAccount: KEYS_PER_ACCOUNT });
  readonly #bytes = new SharedRoom({ all: KEY_BYTES_IN_ALL, perAccount: KEY_BYTES_PER_ACCOUNT });

  /**
   * Counts one more.
   * @param bytes what it takes, by estimate
   * @returns gives it back; calling it again does nothing
   * @throws CallError if there is no room
   */
  take(account: string, bytes: number): () => void {
    const hasRoom = this.#keys.take(account, 1);
    if (!hasRoom || !this.#bytes.take(account, bytes)) {
      if (hasRoom) this.#keys.give(account, 1);
      throw new CallError("OperationError", "Too many keys: the host holds all that it may.");
    }
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#keys.give(account, 1);
      this.#bytes.give(account, bytes);
    };
  }
}
