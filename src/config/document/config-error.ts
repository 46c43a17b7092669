import { SkerryError } from "../../errors/skerry-error.ts";

/** One thing that is wrong in a config file. */
export interface ConfigProblem {
  /** Keys from the top, such as `["accounts", "acme", "limits"]`. */
  readonly path: readonly (string | number)[];
  /** What was found and what is allowed. */
  readonly message: string;
  /** From 1; undefined where the place is not known. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** A config file cannot be used; `problems` has everything that is wrong with it. */
export class ConfigError extends SkerryError {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super("INVALID_CONFIG", problems.map((problem) => describeProblem(file, problem)).join("\n"));
    this.file = file;
    this.problems = problems;
  }
}

/** One line of text for a problem: `file:line:column: message`. */
export function describeProblem(file: string, { line, column, message }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: ${message}`;
}
