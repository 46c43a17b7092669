import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SkerryError } from "../errors/skerry-error.ts";
import { PACKAGE_ROOT } from "./package-root.ts";

/**
 * Absolute paths of the example workers, in the order of their names.
 * @throws SkerryError `NO_EXAMPLES` where Skerry is installed without them.
 */
export function exampleFolders(): readonly string[] {
  const root = join(PACKAGE_ROOT, "examples");
  if (!existsSync(root)) {
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
