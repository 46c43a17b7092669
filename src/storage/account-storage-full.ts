import { SkerryError } from "../errors/skerry-error.ts";

/** What an account stores, and would store beyond what it may. */
export interface FullAccount {
  readonly account: string;
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** What does not fit. */
  readonly moreBytes: number;
}

/** The account may not store so much more. Nothing was written. */
export class AccountStorageFull extends SkerryError {
  constructor({ account, usedBytes, limitBytes, moreBytes }: FullAccount) {
    super(
      "ACCOUNT_STORAGE_FULL",
      `account "${account}" stores ${usedBytes} bytes of the ${limitBytes} that it may ("storage.accountBytes"), and ${moreBytes} more do not fit; delete something, or ask the operator for more`,
    );
  }
}
