import { SkerryError } from "../errors/skerry-error.ts";

/**
 * The store could not do it. `outcome` is `no` where nothing happened, and `unknown` where it may or
 * may not have happened (the writer died before it answered). Never reported as success.
 */
export class Unavailable extends SkerryError {
  readonly outcome: "no" | "unknown";

  constructor(outcome: "no" | "unknown", reason: string, options?: ErrorOptions) {
    super(
      "STORAGE_UNAVAILABLE",
      `storage: ${reason}; ${outcome === "no" ? "nothing was written" : "it may or may not have been written"}`,
      options,
    );
    this.outcome = outcome;
  }
}
