import type { ExportDefaultDeclaration } from "acorn";
import type { Edits } from "./edits.ts";
import { skipTrivia } from "./trivia.ts";

/** What became of an `export default`. */
export interface DefaultExport {
  /** The binding that holds it. */
  readonly local: string;
  /** Whether it is an anonymous function declaration, which has yet to get its name "default". */
  readonly unnamed: boolean;
}

/**
 * Turns `export default` into a declaration that a function body may have.
 *
 * @param fresh gives a name that the module does not use
 */
export function replaceDefaultExport(
  node: ExportDefaultDeclaration,
  source: string,
  edits: Edits,
  fresh: () => string,
): DefaultExport {
  const { declaration } = node;
  const afterDefault = skipTrivia(source, node.start + "export".length) + "default".length;
  edits.blank(node.start, afterDefault);
  if (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") {
    if (declaration.id) return { local: declaration.id.name, unnamed: false };
  }
  const local = fresh();
  if (declaration.type === "FunctionDeclaration") {
    edits.insert(nameSlot(source, declaration), ` ${local}`);
    return { local, unnamed: true };
  }
  // As the value of a property called "default" an anonymous function or class gets that name.
  edits.insert(afterDefault, `const ${local}={default:`);
  const end =
    declaration.type !== "ClassDeclaration" && source[node.end - 1] === ";" ? node.end - 1 : node.end;
  edits.insert(end, "}.default;");
  return { local, unnamed: false };
}

/** Where the name of an anonymous function declaration would stand. */
function nameSlot(
  source: string,
  { start, async, generator }: { start: number; async: boolean; generator: boolean },
): number {
  let at = async ? skipTrivia(source, start + "async".length) : start;
  at += "function".length;
  return generator ? skipTrivia(source, at) + 1 : at;
}
