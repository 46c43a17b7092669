import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { SkerryError } from "../errors/skerry-error.ts";

/** Folders that may hold the examples: beside the sources, or beside what is built from them. */
const CANDIDATES = ["../../examples", "../../../examples"];

/**
 * Absolute paths of the example workers, in the order of their names.
 * @throws SkerryError `NO_EXAMPLES` where Skerry is installed without them.
 */
export function exampleFolders(): readonly string[] {
  const root = CANDIDATES.map((path) => resolve(import.meta.dirname, path)).find((path) => existsSync(path));
  if (root === undefined) {
    throw new SkerryError(
      "NO_EXAMPLES",
      "the examples are not part of the installed package; serve them from the repository",
    );
  }
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, entry.name))
    .sort();
}
