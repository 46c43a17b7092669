import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { UploadModule } from "../../src/index.ts";
import { SkerryError } from "../../src/errors/skerry-error.ts";
import { globPattern } from "./glob-pattern.ts";
import { moduleName } from "./module-name.ts";
import { moduleOf } from "./module-of.ts";
import type { RuleSet } from "./module-rules.ts";

/** Entries of folders that are looked at: a pattern in the wrong folder ends, instead of reading the whole disk. */
const MOST_ENTRIES = 100_000;
/** What no module is in, whatever the patterns say. */
const PASSED_BY: ReadonlySet<string> = new Set(["node_modules", ".git", ".wrangler", ".skerry"]);

/** Modules that stand in files beside the entry, by their absolute path. */
export type FoundModules = ReadonlyMap<string, UploadModule>;

/**
 * Finds the files below a folder that rules name. Their names are their paths in it.
 * @param leftOut Absolute paths of files that are something else: the entry, the config.
 * @throws SkerryError `TOO_MANY_FILES`
 */
export async function findModules(
  root: string,
  { rules }: RuleSet,
  leftOut: ReadonlySet<string>,
): Promise<FoundModules> {
  const patterns = rules.flatMap(({ type, globs }) =>
    globs.map((glob) => ({ type, pattern: globPattern(glob, true) })),
  );
  const found = new Map<string, UploadModule>();
  const folders = [root];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      entries++;
      if (entries > MOST_ENTRIES)
        throw new SkerryError(
          "TOO_MANY_FILES",
          `more than ${MOST_ENTRIES} files are below ${root}, where modules are looked for; set "base_dir" to the folder that has them`,
        );
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !PASSED_BY.has(entry.name)) folders.push(path);
      if (!entry.isFile() || leftOut.has(path)) continue;
      const name = moduleName(root, path);
      const rule = patterns.find(({ pattern }) => pattern.test(name));
      if (rule !== undefined) found.set(path, moduleOf(name, rule.type, await readFile(path)));
    }
  }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
