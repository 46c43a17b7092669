import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { build, type BuildFailure, type BuildOptions, type BuildResult, type Plugin } from "esbuild";
import type { UploadModule } from "../../src/index.ts";
import { type Bundling, DEFAULT_BUNDLING } from "../config/readers/read-bundling.ts";
import { BuildError } from "./build-error.ts";
import { FileCollector } from "./collect-files.ts";
import { type FoundModules, findModules } from "./find-modules.ts";
import { moduleName } from "./module-name.ts";
import { ruleSet } from "./module-rules.ts";
import { refuseNodeModules } from "./refuse-node-modules.ts";

/** A file that went into the script. */
export interface BundlePart {
  /** Its path, relative to the project. */
  readonly name: string;
  /** How many bytes of the script are of it. */
  readonly bytes: number;
}

/** A worker's sources in the form of an upload. */
export interface Bundle {
  readonly main: string;
  readonly modules: readonly UploadModule[];
  readonly sourceMaps: Readonly<Record<string, string>>;
  /** What the bundler found odd, one line each. */
  readonly warnings: readonly string[];
  /** Absolute paths of all files that went in. */
  readonly inputs: readonly string[];
  /** What the script is made of; nothing where it was taken as it is. */
  readonly parts: readonly BundlePart[];
}

/**
 * Bundles a worker: TypeScript and npm packages become one script; text, data and WebAssembly files become modules
 * beside it, and so do files that rules name where additional modules are asked for. A source without exports is in
 * the service-worker format.
 *
 * @param folder Root of the project: names in messages and source maps are relative to it.
 * @param entry Path of the entry file, relative to `folder` or absolute.
 * @param nodeEnv What `process.env.NODE_ENV` is in the sources. @default "production"
 * @throws BuildError naming file, line and column of what cannot be bundled.
 */
export async function bundleWorker(
  folder: string,
  entry: string,
  bundling: Bundling = DEFAULT_BUNDLING,
  nodeEnv: string = "production",
): Promise<Bundle> {
  const root = resolve(folder);
  const file = resolve(root, entry);
  const moduleRoot = bundling.baseDir === undefined ? dirname(file) : resolve(root, bundling.baseDir);
  const rules = ruleSet(bundling.rules);
  const found: FoundModules =
    bundling.findAdditionalModules === true
      ? await findModules(moduleRoot, rules, new Set([file]))
      : new Map();
  const main = mainName(moduleRoot, file);
  const files = new FileCollector(rules, bundling.preserveFileNames);
  const plugins = [...(found.size > 0 ? [keepApart(found, moduleRoot, main)] : []), refuseNodeModules];
  const options: BuildOptions = {
    ...esbuildOptions(root, bundling, nodeEnv),
    entryPoints: [file],
    outfile: join(root, main),
    plugins: [...plugins, files.plugin],
  };

  let result = await attempt(options);
  const exported = Object.values(result.metafile.outputs).flatMap((output) => output.exports);
  const type = exported.length > 0 ? "esm" : "script";
  // A script's top level is the global scope: the wrapper keeps the worker's own names out of it.
  if (type === "script") {
    if (found.size > 0)
      throw new BuildError([{ text: "only a worker that has exports can have further modules" }]);
    const inline = new FileCollector(rules, false, true);
    result = await attempt({ ...options, format: "iife", plugins: [refuseNodeModules, inline.plugin] });
  }

  const text = (ending: string): string =>
    result.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  const sources = Object.keys(result.metafile.inputs)
    .filter((input) => !input.startsWith("inline-file:"))
    .map((input) => resolve(root, input));
  const others = type === "esm" ? [...files.modules.values(), ...found.values()] : [];
  return {
    main,
    modules: [{ name: main, type, content: text(".js") }, ...others],
    sourceMaps: bundling.sourceMaps ? { [main]: text(".map") } : {},
    warnings: [...rules.warnings, ...result.warnings.map((warning) => new BuildError([warning]).message)],
    inputs: [...new Set([...sources, ...files.inputs, ...found.keys()])],
    parts: partsOf(result),
  };
}

function partsOf({ metafile }: BuildResult<typeof IN_MEMORY>): BundlePart[] {
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([name, { bytesInOutput }]) => ({ name, bytes: bytesInOutput })),
  );
}

/** The entry's name among the modules: imports of others are relative to it. */
function mainName(moduleRoot: string, file: string): string {
  const name = moduleName(moduleRoot, file);
  return `${name.slice(0, name.length - extname(name).length)}.js`;
}

function esbuildOptions(root: string, bundling: Bundling, nodeEnv: string): BuildOptions {
  const { define, alias, jsxFactory, jsxFragment, minify, keepNames, tsconfig } = bundling;
  return {
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    define: { "process.env.NODE_ENV": JSON.stringify(nodeEnv), ...define },
    alias,
    loader: { ".js": "jsx", ".mjs": "jsx", ".cjs": "jsx" },
    jsxFactory,
    jsxFragment,
    minify,
    keepNames,
    ...(tsconfig !== undefined && { tsconfig: resolve(root, tsconfig) }),
    charset: "utf8",
    legalComments: "none",
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
  };
}

/** Leaves imports of modules that stand beside the bundle as they are. */
function keepApart(found: FoundModules, moduleRoot: string, main: string): Plugin {
  const from = dirname(resolve(moduleRoot, main));
  return {
    name: "keep-apart",
    setup: (build) => {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        const file = resolve(resolveDir, path);
        if (!found.has(file)) return undefined;
        const name = relative(from, file).split(sep).join("/");
        return { path: name.startsWith("../") ? name : `./${name}`, external: true };
      });
    },
  };
}

const IN_MEMORY = { write: false, metafile: true } as const;

async function attempt(options: BuildOptions): Promise<BuildResult<typeof IN_MEMORY>> {
  try {
    return await build({ ...options, ...IN_MEMORY });
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (!Array.isArray(errors)) throw new BuildError([{ text: (error as Error).message }]);
    throw new BuildError(errors);
  }
}
