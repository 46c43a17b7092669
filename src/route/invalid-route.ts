import { SkerryError } from "../errors/skerry-error.ts";

/** A route pattern that cannot be used. */
export class InvalidRoute extends SkerryError {
  readonly pattern: string;

  constructor(pattern: string, problem: string) {
    super("INVALID_ROUTE", `Cannot use route "${pattern}": ${problem}`);
    this.pattern = pattern;
  }
}
