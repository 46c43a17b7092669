import type { Program } from "acorn";
import type { Definition } from "./definition.ts";
import type { Edits } from "./edits.ts";
import type { Parsed } from "./parse.ts";
import { scan } from "./scan.ts";
import type { Scan } from "./scan.ts";
import { unusedName } from "./unused-name.ts";

/** Wraps a CommonJS module, or the one script of a worker in service-worker format, in a function. */
export function wrapSloppy(name: string, kind: "cjs" | "script", { program, edits }: Parsed): Definition {
  const found = scan(program, new Set());
  const head = kind === "cjs" ? commonJsHead(found, edits) : scriptHead(found, program);
  return {
    name,
    kind,
    requests: [],
    stars: [],
    isAsync: false,
    namesDefault: false,
    head: () => head,
    edits,
    names: found.names,
  };
}

function commonJsHead({ names, dynamicImports }: Scan, edits: Edits): string {
  const dynamicImport = unusedName("dynamicImport", names);
  for (const { start } of dynamicImports) edits.replace(start, start + "import".length, dynamicImport);
  return `(function(module,exports,require,${dynamicImport}){`;
}

/** What a script declares is global, but here it stands in a function: the linker is told the names. */
function scriptHead({ names, variables, functions }: Scan, program: Program): string {
  const share = unusedName("share", names);
  const to = unusedName("to", names);
  const shared: string[] = [];
  for (const name of functions) shared.push(`["${name}",()=>${name}]`);
  for (const name of variables) {
    if (!functions.has(name) && name !== "arguments")
      shared.push(`["${name}",()=>${name},(${to})=>{${name}=${to}}]`);
  }
  const isStrict = program.body.some((node) => "directive" in node && node.directive === "use strict");
  return `(function(${share}){${isStrict ? '"use strict";' : ""}${shared.length > 0 ? `${share}([${shared.join()}]);` : ""}`;
}
