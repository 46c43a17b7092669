import { SkerryError } from "../errors/skerry-error.ts";

/** One reason why an upload is refused. Lines and columns count from 1; null where there is no place. */
export interface Problem {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly reason: string;
}

/** Problems beyond this number are counted, not listed. */
export const MAX_PROBLEMS = 50;

/** An upload that cannot become a version; `problems` has all that is wrong with it. */
export class UploadRefused extends SkerryError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super("SCRIPT_REFUSED", describe(problems));
    this.problems = problems;
  }
}

function describe(problems: readonly Problem[]): string {
  const [first] = problems;
  if (first !== undefined && problems.length === 1) return `Cannot deploy the worker: ${line(first)}`;
  const listed = problems.slice(0, MAX_PROBLEMS).map((problem) => `\n  ${line(problem)}`);
  const more = problems.length > MAX_PROBLEMS ? `\n  and ${problems.length - MAX_PROBLEMS} more` : "";
  return `Cannot deploy the worker: ${problems.length} problems${listed.join("")}${more}`;
}

function line({ file, line, column, reason }: Problem): string {
  return line === null ? `${file}: ${reason}` : `${file}:${line}:${column ?? 1}: ${reason}`;
}
