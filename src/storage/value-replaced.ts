import { SkerryError } from "../errors/skerry-error.ts";

/** A large value was replaced or removed so long ago that the rest of it cannot be read any more. */
export class ValueReplaced extends SkerryError {
  constructor() {
    super("VALUE_REPLACED", "the value was replaced while it was being read; read it again");
  }
}
