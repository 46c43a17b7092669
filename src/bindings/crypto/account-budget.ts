import { CallError } from "../binding.ts";

/** Bytes that wait or are worked on for one account at once, whatever number of isolates it has. */
export const OPERATION_BYTES_PER_ACCOUNT: number = 128 * 1024 * 1024;

/** What operations hold of the host's memory, by account. */
export class AccountBudget {
  readonly #bytes = new Map<string, number>();

  /** @throws CallError if the account holds too much already */
  enter(account: string, bytes: number): void {
    const held = this.#bytes.get(account) ?? 0;
    if (held + bytes > OPERATION_BYTES_PER_ACCOUNT)
      throw new CallError("OperationError", "Too many cryptographic operations of this account at once.");
    this.#bytes.set(account, held + bytes);
  }

  /** Gives back what was entered. */
  leave(account: string, bytes: number): void {
    const held = (this.#bytes.get(account) ?? 0) - bytes;
    if (held > 0) this.#bytes.set(account, held);
    else this.#bytes.delete(account);
  }
}
