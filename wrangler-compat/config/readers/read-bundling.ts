import type { ConfigScope } from "../config-scope.ts";

/** What files are modules of, by wrangler's names. */
export const RULE_TYPES = ["ESModule", "CommonJS", "CompiledWasm", "Text", "Data"] as const;
export type RuleType = (typeof RULE_TYPES)[number];

/** Which files are modules, and of what type. */
export interface ModuleRule {
  readonly type: RuleType;
  readonly globs: readonly string[];
  /** Whether later rules of the type hold as well. */
  readonly fallthrough?: boolean;
}

/** How sources become modules. Paths are relative to the config's folder. */
export interface Bundling {
  readonly rules: readonly ModuleRule[];
  readonly noBundle: boolean;
  /** Undefined: as `noBundle`. */
  readonly findAdditionalModules: boolean | undefined;
  readonly baseDir: string | undefined;
  readonly preserveFileNames: boolean;
  readonly minify: boolean;
  readonly keepNames: boolean;
  readonly jsxFactory: string;
  readonly jsxFragment: string;
  readonly tsconfig: string | undefined;
  readonly define: Readonly<Record<string, string>>;
  readonly alias: Readonly<Record<string, string>>;
  readonly sourceMaps: boolean;
}

/** Bundling of a project without a config. */
export const DEFAULT_BUNDLING: Bundling = {
  rules: [],
  noBundle: false,
  findAdditionalModules: undefined,
  baseDir: undefined,
  preserveFileNames: false,
  minify: false,
  keepNames: true,
  jsxFactory: "React.createElement",
  jsxFragment: "React.Fragment",
  tsconfig: undefined,
  define: {},
  alias: {},
  sourceMaps: true,
};

/** Reads the keys about bundling. */
export function readBundling(scope: ConfigScope): Bundling {
  const { reader } = scope;
  const flag = (key: string): boolean | undefined => reader.boolean(scope.of(key), key);
  const text = (key: string): string | undefined => reader.string(scope.of(key), key, "a text", /\S/);
  return {
    rules: readRules(scope),
    noBundle: flag("no_bundle") ?? false,
    findAdditionalModules: flag("find_additional_modules"),
    baseDir: text("base_dir"),
    preserveFileNames: flag("preserve_file_names") ?? false,
    minify: flag("minify") ?? false,
    keepNames: flag("keep_names") ?? true,
    jsxFactory: text("jsx_factory") ?? DEFAULT_BUNDLING.jsxFactory,
    jsxFragment: text("jsx_fragment") ?? DEFAULT_BUNDLING.jsxFragment,
    tsconfig: text("tsconfig"),
    define: readPairs(scope, "define"),
    alias: readPairs(scope, "alias"),
    sourceMaps: flag("upload_source_maps") ?? true,
  };
}

function readRules(scope: ConfigScope): readonly ModuleRule[] {
  const { reader } = scope;
  return reader.tables(scope.of("rules"), "rules").map((rule) => {
    for (const key of ["type", "globs"]) reader.mustHave(rule, key);
    const fallthrough = reader.boolean(rule, "fallthrough");
    scope.warnUnknown(rule, ["type", "globs", "fallthrough"]);
    return {
      type: reader.oneOf(rule, "type", RULE_TYPES) ?? "Text",
      globs: reader.strings(rule, "globs", 'a list of patterns such as ["**/*.md"]') ?? [],
      ...(fallthrough !== undefined && { fallthrough }),
    };
  });
}

function readPairs(scope: ConfigScope, key: string): Readonly<Record<string, string>> {
  const { reader } = scope;
  const table = reader.table(scope.of(key), key);
  const pairs = Object.keys(table?.value ?? {}).flatMap((from): [string, string][] => {
    const to = table && reader.string(table, from);
    return to === undefined ? [] : [[from, to]];
  });
  return Object.fromEntries(pairs);
}
