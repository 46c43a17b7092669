import { SkerryError } from "../errors/skerry-error.ts";

/** What a worker is told about every address that it may not, or cannot, reach: one text, no oracle. */
export const UNREACHABLE = "Cannot fetch: the host cannot be reached";
/** What a worker is told when a connection broke. */
export const CONNECTION_LOST = "Network connection lost.";

/** A fetch that failed, in words that the worker may read. */
export class EgressError extends SkerryError {
  /** The class of the worker's error: `TypeError`, as fetch has it for all that the network does, or the name of a DOMException. */
  readonly errorName: string;

  constructor(errorName: string, message: string, options?: ErrorOptions) {
    super("FETCH_FAILED", message, options);
    this.errorName = errorName;
  }
}
