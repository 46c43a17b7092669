import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { OnResolveResult, Plugin } from "esbuild";
import type { UploadModule } from "../../src/index.ts";

/** What files are that are no code, by their ending; wrangler's own defaults. */
const RULES: readonly (readonly [RegExp, "text" | "data" | "wasm"])[] = [
  [/\.(?:txt|html|sql)$/, "text"],
  [/\.bin$/, "data"],
  [/\.wasm(?:\?module)?$/, "wasm"],
];

/** Takes imported text, data and WebAssembly files out of the bundle, as modules of their own. */
export class FileCollector {
  readonly modules: Map<string, UploadModule> = new Map();
  /** Absolute paths of the files that were taken. */
  readonly inputs: Set<string> = new Set();

  readonly plugin: Plugin = {
    name: "collect-files",
    setup: (build) => {
      for (const [filter, type] of RULES) {
        build.onResolve({ filter }, async (args): Promise<OnResolveResult> => {
          if (args.pluginData === this) return {};
          const { kind, importer, namespace, resolveDir } = args;
          const asked = args.path.replace(/\?module$/, "");
          const found = await build.resolve(asked, {
            kind,
            importer,
            namespace,
            resolveDir,
            pluginData: this,
          });
          if (found.errors.length > 0) return { errors: found.errors };
          return { path: await this.#take(found.path, type), external: true };
        });
      }
    },
  };

  async #take(file: string, type: "text" | "data" | "wasm"): Promise<string> {
    const bytes = await readFile(file);
    // The hash keeps files of one name in two folders apart.
    const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 10)}-${basename(file)}`;
    const content = type === "text" ? bytes.toString("utf8") : Uint8Array.from(bytes);
    this.modules.set(name, { name, type, content });
    this.inputs.add(resolve(file));
    return `./${name}`;
  }
}
