import { SharedRoom } from "../../limits/shared-room.ts";
import { CallError } from "../binding.ts";

/** Bytes that wait or are worked on for one account at once, whatever number of isolates it has, and for all. */
export const OPERATION_BYTES_PER_ACCOUNT: number = 128 * 1024 * 1024;
export const OPERATION_BYTES_IN_ALL: number = 512 * 1024 * 1024;

/** What operations hold of the host's memory, by account. */
export class AccountBudget {
  readonly #room = new SharedRoom({ all: OPERATION_BYTES_IN_ALL, perAccount: OPERATION_BYTES_PER_ACCOUNT });

  /** @throws CallError if the account holds too much already */
  enter(account: string, bytes: number): void {
    if (!this.#room.take(account, bytes))
      throw new CallError("OperationError", "Too many cryptographic operations of this account at once.");
  }

  /** Gives back what was entered. */
  leave(account: string, bytes: number): void {
    this.#room.give(account, bytes);
  }
}
