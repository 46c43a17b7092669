import type { ModuleLinks, Request } from "../transform/imports.ts";
import { BUILTIN_MODULES, resolveSpecifier } from "../module-names.ts";
import type { Problem } from "../upload-refused.ts";
import { lineColumn } from "./line-column.ts";

/** An ES module, parsed. */
export interface LinkedModule {
  readonly name: string;
  readonly source: string;
  readonly links: ModuleLinks;
  readonly hasDefault: boolean;
  /** Canonical names of `links.requests`; filled by {@link resolveRequests}. */
  resolved: string[];
}

/** `values` are modules that have a default export only; what CommonJS exports is known at run time. */
export type ModuleKind = "esm" | "cjs" | "value";

/**
 * Resolves the imports of a module.
 *
 * @param has whether the upload has a module of that canonical name
 * @returns an import without a module for each problem
 */
export function resolveRequests(module: LinkedModule, has: (name: string) => boolean): Problem[] {
  const problems: Problem[] = [];
  module.resolved = module.links.requests.map((request) => {
    const found = resolveSpecifier(request.specifier, module.name, has);
    if (found === undefined) problems.push(problemAt(module, request.start, noSuchModule(request)));
    return found ?? request.specifier;
  });
  return problems;
}

function noSuchModule({ specifier }: Request): string {
  const shown = specifier.length > 200 ? `${specifier.slice(0, 200)}…` : specifier;
  const scheme = /^(node|cloudflare|npm|jsr|https?):/.exec(shown)?.[1];
  const hint =
    scheme === undefined
      ? ""
      : `; of modules that are not uploaded there are ${[...BUILTIN_MODULES].join(", ")}`;
  return `No such module ${JSON.stringify(shown)}${hint}`;
}

/**
 * Finds imports of names that the other module does not export, which are errors before anything runs.
 *
 * @param modules the ES modules by canonical name, with resolved requests
 */
export function checkImportedNames(
  modules: ReadonlyMap<string, LinkedModule>,
  kindOf: (name: string) => ModuleKind | undefined,
): Problem[] {
  const problems: Problem[] = [];
  for (const module of modules.values()) {
    module.links.requests.forEach(({ specifier, wants }, index) => {
      const target = module.resolved[index];
      for (const { name, start } of target === undefined ? [] : wants) {
        const found = resolveExport(target ?? "", name, { modules, kindOf, seen: new Set() });
        if (found === undefined) {
          const reason = `SyntaxError: The requested module '${specifier}' does not provide an export named '${name}'`;
          problems.push(problemAt(module, start, reason));
        } else if (found === AMBIGUOUS) {
          const reason = `SyntaxError: The requested module '${specifier}' contains conflicting star exports for name '${name}'`;
          problems.push(problemAt(module, start, reason));
        }
      }
    });
  }
  return problems;
}

interface Search {
  readonly modules: ReadonlyMap<string, LinkedModule>;
  readonly kindOf: (name: string) => ModuleKind | undefined;
  readonly seen: Set<string>;
}

/** More than one `export *` gives the name, and they mean different bindings. */
const AMBIGUOUS = Symbol("ambiguous");
/** Known at run time only. */
const UNKNOWN = Symbol("unknown");

/** ResolveExport of the specification; a string identifies the binding. */
function resolveExport(target: string, name: string, search: Search): string | symbol | undefined {
  const module = search.modules.get(target);
  if (module === undefined) {
    if (search.kindOf(target) !== "value") return UNKNOWN;
    return name === "default" ? `${target}\n=default` : undefined;
  }
  const visit = `${target}\n${name}`;
  if (search.seen.has(visit)) return undefined;
  search.seen.add(visit);
  const source = module.links.exports.get(name);
  if (source !== undefined) {
    if ("local" in source) return `${target}\n=${source.local}`;
    const from = module.resolved[source.request] ?? "";
    return source.name === undefined ? `${from}\n*` : resolveExport(from, source.name, search);
  }
  if (name === "default") return module.hasDefault ? `${target}\n=default` : undefined;
  let found: string | symbol | undefined;
  for (const star of module.links.stars) {
    const candidate = resolveExport(module.resolved[star] ?? "", name, search);
    if (candidate === AMBIGUOUS) return AMBIGUOUS;
    if (candidate === undefined || candidate === UNKNOWN) found ??= candidate;
    else if (found === undefined || found === UNKNOWN) found = candidate;
    else if (found !== candidate) return AMBIGUOUS;
  }
  return found;
}

function problemAt({ name, source }: LinkedModule, offset: number, reason: string): Problem {
  return { file: name, ...lineColumn(source, offset), reason };
}
