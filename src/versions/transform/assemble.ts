import type { ModulePositions } from "../positions.ts";
import type { Definition } from "./definition.ts";
import { literal } from "./literal.ts";
import { unusedName } from "./unused-name.ts";

/** Taken from the realm while the script is evaluated, which is before any module runs. */
const NAME_DEFAULT =
  '((define)=>(f)=>define(f,"name",{__proto__:null,value:"default",configurable:true}))(Object.defineProperty)';

/**
 * Joins modules into the version's script: one expression, with each module's body on lines of its own.
 *
 * @returns the script, and where each module stands in it
 */
export function assemble(definitions: readonly Definition[]): {
  script: string;
  places: Omit<ModulePositions, "sourceMap">[];
} {
  const used = new Set<string>();
  for (const { names } of definitions) for (const name of names) used.add(name);
  const nameDefault = unusedName("nameDefault", used);
  const named = definitions.some(({ namesDefault }) => namesDefault);

  const parts = [named ? `((${nameDefault})=>[\n` : "[\n"];
  const places: Omit<ModulePositions, "sourceMap">[] = [];
  let line = 2;
  for (const { name, kind, requests, stars, isAsync, head, edits } of definitions) {
    const { text, lines, shifts } = edits.apply();
    const facts = [name, kind, requests, stars, isAsync].map((fact) => literal(fact)).join();
    parts.push(`[${facts},${head(nameDefault)}\n`, text, "\n})],\n");
    places.push({ name, firstLine: line + 1, lines, shifts: Uint32Array.from(shifts) });
    line += lines + 2;
  }
  parts.push(named ? `])(${NAME_DEFAULT})` : "]");
  return { script: parts.join(""), places };
}
