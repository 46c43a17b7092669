import { basename, join } from "node:path";
import { build, type Plugin } from "esbuild";

/** Makes of each test file an entry that runs its tests when it is asked. */
const ENTRIES: Plugin = {
  name: "test-entries",
  setup(builder) {
    builder.onResolve({ filter: /^tests-of:/ }, ({ path }) => ({
      path: path.slice("tests-of:".length),
      namespace: "tests-of",
    }));
    builder.onLoad({ filter: /./, namespace: "tests-of" }, ({ path }) => ({
      contents: `import ${JSON.stringify(path)};
import { runAll } from "vitest";
export default { fetch: async () => Response.json(await runAll()) };`,
      resolveDir: import.meta.dirname,
    }));
  },
};

/** Bundles test files of a package, as they are, each into a worker of its own. Gives name and script. */
export async function bundleTests(files: readonly string[]): Promise<[file: string, script: string][]> {
  const result = await build({
    entryPoints: files.map((file) => ({ in: `tests-of:${file}`, out: basename(file, ".ts") })),
    outdir: "/out",
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    alias: { vitest: join(import.meta.dirname, "vitest.ts") },
    plugins: [ENTRIES],
    // Packages say that their files have no side effects; test files have nothing else.
    ignoreAnnotations: true,
    write: false,
    logLevel: "silent",
  });
  return result.outputFiles.map(({ path, text }) => [basename(path, ".js"), text]);
}
