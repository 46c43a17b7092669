import type { Identifier, Program } from "acorn";
import type { Definition } from "./definition.ts";
import { replaceDefaultExport } from "./default-export.ts";
import type { DefaultExport } from "./default-export.ts";
import type { Edits } from "./edits.ts";
import type { ImportBinding, ModuleLinks } from "./imports.ts";
import { literal } from "./literal.ts";
import type { Parsed } from "./parse.ts";
import { scan } from "./scan.ts";
import type { Mention, Scan } from "./scan.ts";
import { unusedName } from "./unused-name.ts";

/**
 * Rewrites an ES module as the generator that `ModuleDefinition` describes.
 *
 * @param resolved canonical names of `links.requests`, in the same order
 */
export function transformModule(
  name: string,
  { source, program, edits }: Parsed,
  links: ModuleLinks,
  resolved: readonly string[],
): Definition {
  const found = scan(program, new Set(links.imports.keys()));
  const used = found.names;
  const imports = unusedName("imports", used);
  const meta = unusedName("meta", used);
  const dynamicImport = unusedName("dynamicImport", used);
  const define = unusedName("define", used);

  const read = ({ request, name: imported }: ImportBinding): string =>
    imported === undefined ? `${imports}[${request}]` : `${imports}[${request}]${access(imported)}`;
  replaceReferences(found, links, edits, read);
  replaceLooseArguments(found, edits);
  for (const { start, end } of found.metas) edits.replace(start, end, meta);
  for (const { start } of found.dynamicImports) edits.replace(start, start + "import".length, dynamicImport);
  const byDefault = removeDeclarations(program, source, edits, used);

  const getters = [...links.exports].map(([exported, from]) => {
    if ("local" in from) return `${key(exported)}:()=>${from.local}`;
    return `${key(exported)}:[${from.request}${from.name === undefined ? "" : `,${literal(from.name)}`}]`;
  });
  if (byDefault !== undefined) getters.push(`default:()=>${byDefault.local}`);
  const unnamed = byDefault?.unnamed === true ? byDefault.local : undefined;
  return {
    name,
    kind: "esm",
    requests: resolved,
    stars: links.stars,
    isAsync: found.awaits,
    namesDefault: unnamed !== undefined,
    head: (nameDefault) =>
      `(${found.awaits ? "async " : ""}function*(${imports},${meta},${dynamicImport},${define}){"use strict";` +
      `${unnamed === undefined ? "" : `${nameDefault}(${unnamed});`}${define}({${getters.join()}});yield;`,
    edits,
    names: used,
  };
}

/** Imports become reads of the other module's namespace, so that they stay live. */
function replaceReferences(
  found: Scan,
  links: ModuleLinks,
  edits: Edits,
  read: (binding: ImportBinding) => string,
): void {
  for (const mention of found.references) {
    const binding = links.imports.get(mention.node.name);
    if (binding === undefined) continue;
    // Assigning to a namespace is a TypeError; so is this, and it cannot replace the array's element.
    const text = mention.assigned && binding.name === undefined ? "undefined" : read(binding);
    replaceIdentifier(mention, text, found, edits);
  }
}

function replaceIdentifier(
  { node, called, shorthand }: Mention,
  text: string,
  found: Scan,
  edits: Edits,
): void {
  const { start, end, name } = node;
  if (shorthand) edits.replace(start, end, `${name}:${text}`);
  else if (!called) edits.replace(start, end, text);
  // A parenthesis at the start of a statement would continue one that ends without a semicolon.
  else edits.replace(start, end, `${found.listedStatements.has(start) ? ";" : ""}(0,${text})`);
}

/** In the module `arguments` is a name that nobody declared; in a function it would be its arguments. */
function replaceLooseArguments(found: Scan, edits: Edits): void {
  if (found.looseArguments.length === 0) return;
  const undeclared = unusedName("arguments", found.names);
  for (const mention of found.looseArguments) {
    replaceIdentifier({ ...mention, called: false }, undeclared, found, edits);
  }
}

/** Blanks what only a module may hold, and leaves the declarations. */
function removeDeclarations(
  program: Program,
  source: string,
  edits: Edits,
  used: Set<string>,
): DefaultExport | undefined {
  let byDefault: DefaultExport | undefined;
  for (const node of program.body) {
    if (node.type === "ImportDeclaration" || node.type === "ExportAllDeclaration") {
      edits.blank(node.start, node.end, ";");
    } else if (node.type === "ExportNamedDeclaration") {
      if (node.declaration) edits.blank(node.start, node.declaration.start);
      else edits.blank(node.start, node.end, ";");
    } else if (node.type === "ExportDefaultDeclaration") {
      byDefault = replaceDefaultExport(node, source, edits, () => unusedName("defaultExport", used));
    }
  }
  return byDefault;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

function access(name: Identifier["name"]): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${literal(name)}]`;
}

/** A plain key `__proto__` would set the prototype of the literal. */
function key(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return IDENTIFIER.test(name) ? name : literal(name);
}
