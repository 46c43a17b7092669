import { readFile } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { build, type BuildFailure } from "esbuild";
import { type Bundling } from "../config/readers/read-bundling.ts";
import { BuildError } from "./build-error.ts";
import type { Bundle } from "./bundle-worker.ts";
import { findModules } from "./find-modules.ts";
import { moduleName } from "./module-name.ts";
import { ruleSet } from "./module-rules.ts";

/**
 * Takes a worker that is built already: the entry as it is, and the files beside it that rules name.
 *
 * @param folder Root of the project.
 * @param entry Path of the entry file, relative to `folder` or absolute.
 * @throws BuildError where the entry does not parse, or is no JavaScript.
 */
export async function takeAsIs(folder: string, entry: string, bundling: Bundling): Promise<Bundle> {
  const root = resolve(folder);
  const file = resolve(root, entry);
  if (![".js", ".mjs", ".cjs"].includes(extname(file)))
    throw new BuildError([
      {
        text: `"no_bundle" takes "main" as it is, and ${basename(file)} is no JavaScript; name what a build makes`,
      },
    ]);
  const moduleRoot = bundling.baseDir === undefined ? dirname(file) : resolve(root, bundling.baseDir);
  const rules = ruleSet(bundling.rules);
  const isAlone = bundling.findAdditionalModules === false;
  const found = isAlone ? new Map() : await findModules(moduleRoot, rules, new Set([file]));
  const main = moduleName(moduleRoot, file);
  const type = await formatOf(root, file);
  return {
    main,
    modules: [{ name: main, type, content: await readFile(file, "utf8") }, ...found.values()],
    sourceMaps: {},
    warnings: rules.warnings,
    inputs: [file, ...found.keys()],
    parts: [],
  };
}

async function formatOf(root: string, file: string): Promise<"esm" | "script"> {
  try {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [file],
      write: false,
      metafile: true,
      outdir: root,
      logLevel: "silent",
    });
    const hasExports = Object.values(metafile.outputs).some((output) => output.exports.length > 0);
    return hasExports ? "esm" : "script";
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (!Array.isArray(errors)) throw error;
    throw new BuildError(errors);
  }
}
