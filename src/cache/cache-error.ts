import { SkerryError } from "../errors/skerry-error.ts";

/** An operation of a cache that cannot be done, in words for the worker; `errorName` is the class of its error. */
export class CacheError extends SkerryError {
  readonly errorName: "TypeError" | "Error";

  constructor(errorName: "TypeError" | "Error", message: string, options?: ErrorOptions) {
    super("CACHE_FAILED", message, options);
    this.errorName = errorName;
  }
}
