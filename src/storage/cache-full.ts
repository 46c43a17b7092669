import { SkerryError } from "../errors/skerry-error.ts";

/** An account has no room for what it has under way: bodies being written, and removed ones still being read. */
export class CacheFull extends SkerryError {
  constructor(accountBytes: number) {
    super(
      "CACHE_FULL",
      `the bodies that the account is storing and reading at once are more than its cache may hold (${accountBytes} bytes)`,
    );
  }
}
