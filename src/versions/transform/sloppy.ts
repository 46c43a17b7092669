import type { Definition } from "./definition.ts";
import type { Parsed } from "./parse.ts";
import { scan } from "./scan.ts";
import { unusedName } from "./unused-name.ts";

/** Wraps a CommonJS module, or the one script of a worker in service-worker format, in a function. */
export function wrapSloppy(name: string, kind: "cjs" | "script", { program, edits }: Parsed): Definition {
  const { names, dynamicImports } = scan(program, new Set());
  const dynamicImport = unusedName("dynamicImport", names);
  if (kind === "cjs") {
    for (const { start } of dynamicImports) edits.replace(start, start + "import".length, dynamicImport);
  }
  const parameters = kind === "cjs" ? `module,exports,require,${dynamicImport}` : "";
  return {
    name,
    kind,
    requests: [],
    stars: [],
    isAsync: false,
    namesDefault: false,
    head: () => `(function(${parameters}){`,
    edits,
    names,
  };
}
