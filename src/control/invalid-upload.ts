import { SkerryError } from "../errors/skerry-error.ts";

/** An upload whose fields are not what they must be. `problems` has one line each. */
export class InvalidUpload extends SkerryError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super("INVALID_UPLOAD", problems.join("\n"));
    this.problems = problems;
  }
}
