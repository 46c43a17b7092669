import { SkerryError } from "../errors/skerry-error.ts";

/** An account has no room for what it has under way: bodies being written, and removed ones still being read. */
export class CacheFull extends SkerryError {
  constructor() {
    super("CACHE_FULL", "the account stores more in its caches at once than they have room for");
  }
}
