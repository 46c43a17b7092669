import { SkerryError } from "../errors/skerry-error.ts";

/** The store was closed before the call. */
export class StorageClosed extends SkerryError {
  constructor() {
    super("STORAGE_CLOSED", "the store is closed; open the data folder again");
  }
}
