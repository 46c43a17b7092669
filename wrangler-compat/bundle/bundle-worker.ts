import { basename, extname, join, resolve } from "node:path";
import { build, type BuildFailure, type BuildOptions, type BuildResult } from "esbuild";
import type { UploadModule } from "../../src/index.ts";
import { BuildError } from "./build-error.ts";
import { FileCollector } from "./collect-files.ts";
import { refuseNodeModules } from "./refuse-node-modules.ts";

/** A worker's sources in the form of an upload. */
export interface Bundle {
  readonly main: string;
  readonly modules: readonly UploadModule[];
  readonly sourceMaps: Readonly<Record<string, string>>;
  /** What the bundler found odd, one line each. */
  readonly warnings: readonly string[];
  /** Absolute paths of all files that went in. */
  readonly inputs: readonly string[];
}

/**
 * Bundles a worker: TypeScript and npm packages become one script; `.txt`, `.html`, `.sql`, `.bin` and
 * `.wasm` files become modules beside it. A source without exports is in the service-worker format.
 *
 * @param folder Root of the project: names in messages and source maps are relative to it.
 * @param entry Path of the entry file, relative to `folder` or absolute.
 * @throws BuildError naming file, line and column of what cannot be bundled.
 */
export async function bundleWorker(folder: string, entry: string): Promise<Bundle> {
  const root = resolve(folder);
  const main = `${basename(entry, extname(entry))}.js`;
  const files = new FileCollector();
  const options: BuildOptions = {
    absWorkingDir: root,
    entryPoints: [resolve(root, entry)],
    outfile: join(root, main),
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    define: { "process.env.NODE_ENV": '"production"' },
    charset: "utf8",
    legalComments: "none",
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
    plugins: [refuseNodeModules, files.plugin],
  };

  let result = await attempt(options);
  const exported = Object.values(result.metafile.outputs).flatMap((output) => output.exports);
  const type = exported.length > 0 ? "esm" : "script";
  // A script's top level is the global scope: the wrapper keeps the worker's own names out of it.
  if (type === "script")
    result = await attempt({ ...options, format: "iife", plugins: [refuseNodeModules], loader: INLINE });

  const text = (ending: string): string =>
    result.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? "";
  const sources = Object.keys(result.metafile.inputs).map((file) => resolve(root, file));
  return {
    main,
    modules: [{ name: main, type, content: text(".js") }, ...(type === "esm" ? files.modules.values() : [])],
    sourceMaps: { [main]: text(".map") },
    warnings: result.warnings.map((warning) => new BuildError([warning]).message),
    inputs: [...new Set([...sources, ...files.inputs])],
  };
}

const IN_MEMORY = { write: false, metafile: true } as const;

/** A script has no imports, so what it imports stands inside it. */
const INLINE = { ".txt": "text", ".html": "text", ".sql": "text", ".bin": "binary" } as const;

async function attempt(options: BuildOptions): Promise<BuildResult<typeof IN_MEMORY>> {
  try {
    return await build({ ...options, ...IN_MEMORY });
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (!Array.isArray(errors)) throw error;
    throw new BuildError(errors);
  }
}
