import { builtinModules } from "node:module";
import type { OnResolveResult, Plugin } from "esbuild";

const BARE = builtinModules
  .filter((name) => !name.startsWith("_"))
  .map((name) => name.replaceAll("/", "\\/"));

/**
 * Names the modules of Node.js that a worker imports, none of which exist in an isolate. A package of
 * the same name in node_modules is taken; `require` fails when it runs, since packages often only try.
 */
export const refuseNodeModules: Plugin = {
  name: "refuse-node-modules",
  setup(build) {
    build.onResolve(
      { filter: new RegExp(`^(?:node:.*|${BARE.join("|")})$`) },
      async (args): Promise<OnResolveResult> => {
        const { path, kind, importer, namespace, resolveDir, pluginData } = args;
        if (pluginData === refuseNodeModules) return {};
        // A package of the name, or an alias for it.
        const found = await build.resolve(path, {
          kind,
          importer,
          namespace,
          resolveDir,
          pluginData: refuseNodeModules,
        });
        if (found.errors.length === 0 && !found.external)
          return { path: found.path, sideEffects: found.sideEffects };
        if (kind === "require-call" || kind === "require-resolve") return { path, external: true };
        return {
          errors: [{ text: `"${path}" is a module of Node.js; workers have only the web platform's API` }],
        };
      },
    );
  },
};
