import { SkerryError } from "../errors/skerry-error.ts";

/** Problems that a message tells of. */
const MOST_SHOWN = 50;

/** An upload whose fields are not what they must be. `problems` has one line each. */
export class InvalidUpload extends SkerryError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const shown = problems.slice(0, MOST_SHOWN);
    if (problems.length > MOST_SHOWN) shown.push(`and ${problems.length - MOST_SHOWN} more`);
    super("INVALID_UPLOAD", shown.join("\n"));
    this.problems = problems;
  }
}
