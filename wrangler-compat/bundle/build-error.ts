import type { Message } from "esbuild";
import { SkerryError } from "../../src/errors/skerry-error.ts";

/** Something about sources, with its place where it has one. */
export type BuildMessage = Pick<Message, "text"> & Partial<Pick<Message, "location">>;

/** A worker's sources cannot be bundled; the message has one paragraph for each error. */
export class BuildError extends SkerryError {
  constructor(errors: readonly BuildMessage[]) {
    super("BUILD_FAILED", errors.map(describe).join("\n"));
  }
}

/** `file:line:column: text`, and the line itself with a mark under the place. */
function describe({ location, text }: BuildMessage): string {
  if (!location) return text;
  const { file, line, column, lineText } = location;
  const mark = `${lineText.slice(0, column).replaceAll(/[^\t]/g, " ")}^`;
  return `${file}:${line}:${column + 1}: ${text}\n  ${lineText}\n  ${mark}`;
}
