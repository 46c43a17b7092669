import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, isAbsolute, resolve } from "node:path";
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import type { UploadModule } from "../../src/index.ts";
import type { ModuleRule } from "../config/readers/read-bundling.ts";
import { globPattern } from "./glob-pattern.ts";
import type { RuleSet } from "./module-rules.ts";
import { moduleOf } from "./module-of.ts";

/** Takes imported files that are no code out of the bundle, by rules, as modules of their own. */
export class FileCollector {
  readonly modules: Map<string, UploadModule> = new Map();
  /** Absolute paths of the files that were taken. */
  readonly inputs: Set<string> = new Set();
  readonly #rules: RuleSet;
  readonly #preserveNames: boolean;
  readonly #isInline: boolean;

  /**
   * @param isInline Puts the files into the bundle instead: a script imports nothing.
   * @param preserveNames Names modules as they are imported, without a hash.
   */
  constructor(rules: RuleSet, preserveNames: boolean, isInline: boolean = false) {
    this.#rules = rules;
    this.#preserveNames = preserveNames;
    this.#isInline = isInline;
  }

  readonly plugin: Plugin = {
    name: "collect-files",
    setup: (build) => {
      for (const rule of this.#rules.rules) this.#follow(build, rule);
      for (const rule of this.#rules.shadowed) refuse(build, rule);
      build.onLoad({ filter: /^/, namespace: INLINE }, async ({ path, pluginData }) => {
        const { type } = pluginData as ModuleRule;
        if (type === "CompiledWasm")
          return { errors: [{ text: "only a worker that has exports can import WebAssembly" }] };
        return { contents: await readFile(path), loader: type === "Text" ? "text" : "binary" };
      });
    },
  };

  #follow(build: PluginBuild, rule: ModuleRule): void {
    // Code is part of the bundle; what is not is found before.
    if (rule.type === "ESModule" || rule.type === "CommonJS") return;
    for (const glob of rule.globs)
      build.onResolve({ filter: globPattern(glob, false) }, async (args): Promise<OnResolveResult> => {
        if (args.pluginData === this) return {};
        const asked = args.path.replace(/\?.*$/s, "");
        const found = await build.resolve(asked, { ...importOf(args), pluginData: this });
        if (found.errors.length > 0) return { errors: found.errors };
        this.inputs.add(resolve(found.path));
        if (this.#isInline) return { path: found.path, namespace: INLINE, pluginData: rule };
        return { path: await this.#take(found.path, asked, rule), external: true };
      });
  }

  async #take(file: string, asked: string, rule: ModuleRule): Promise<string> {
    const bytes = await readFile(file);
    // The hash keeps files of one name in two folders apart.
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
    const hashed = `${hash}-${basename(file)}`;
    const plain = asked.replace(/^\.\//, "");
    const isFree = isAbsolute(plain) ? false : (this.#named.get(plain) ?? file) === file;
    const name = this.#preserveNames && isFree && !plain.startsWith("../") ? plain : hashed;
    this.#named.set(name, file);
    this.modules.set(name, moduleOf(name, rule.type, bytes));
    return `./${name}`;
  }

  readonly #named = new Map<string, string>();
}

const INLINE = "inline-file";

function refuse(build: PluginBuild, rule: ModuleRule): void {
  for (const glob of rule.globs)
    build.onResolve({ filter: globPattern(glob, false) }, ({ path }) => ({
      errors: [
        {
          text: `"${path}" is ${rule.type} by a rule that does not hold, since an earlier rule for ${rule.type} has no "fallthrough": set it to true`,
        },
      ],
    }));
}

function importOf({
  kind,
  importer,
  namespace,
  resolveDir,
}: OnResolveArgs): Pick<OnResolveArgs, "kind" | "importer" | "namespace" | "resolveDir"> {
  return { kind, importer, namespace, resolveDir };
}
