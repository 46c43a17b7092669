import type { ExportSpecifier, ImportDeclaration, Literal, Program } from "acorn";
import { declaredNames } from "./declared-names.ts";

/** One `import … from`, `export … from` or `export * from`, with its place for messages. */
export interface Request {
  readonly specifier: string;
  /** Offset of the specifier in the source. */
  readonly start: number;
  /** Names that must be there, each with its offset. */
  readonly wants: { readonly name: string; readonly start: number }[];
}

/** What a local name that is imported stands for. */
export interface ImportBinding {
  /** Index into the module's requests. */
  readonly request: number;
  /** Undefined for the namespace itself. */
  readonly name: string | undefined;
}

/** Where an export's value comes from: a name in scope, or another module. */
export type ExportSource = { readonly local: string } | ImportBinding;

/** What a module asks of others, and gives to them. */
export interface ModuleLinks {
  readonly requests: Request[];
  /** By local name. */
  readonly imports: Map<string, ImportBinding>;
  /** By exported name; the default export of an expression is not in here. */
  readonly exports: Map<string, ExportSource>;
  /** Indices into `requests`. */
  readonly stars: number[];
}

/** Reads the import and export declarations of a module, without its `export default`. */
export function readLinks(program: Program): ModuleLinks {
  const links: ModuleLinks = { requests: [], imports: new Map(), exports: new Map(), stars: [] };
  const indices = new Map<string, number>();
  const request = (source: Literal): number => {
    const specifier = String(source.value);
    const known = indices.get(specifier);
    if (known !== undefined) return known;
    indices.set(specifier, links.requests.length);
    return links.requests.push({ specifier, start: source.start, wants: [] }) - 1;
  };
  const want = (index: number, name: string, start: number): ImportBinding => {
    links.requests[index]?.wants.push({ name, start });
    return { request: index, name };
  };
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") readImport(node, links, request(node.source), want);
    else if (node.type === "ExportAllDeclaration") {
      const index = request(node.source);
      if (node.exported) links.exports.set(moduleName(node.exported), { request: index, name: undefined });
      else if (!links.stars.includes(index)) links.stars.push(index);
    } else if (node.type === "ExportNamedDeclaration") {
      const index = node.source ? request(node.source) : undefined;
      for (const specifier of node.specifiers) {
        const local = moduleName(specifier.local);
        const source = index === undefined ? { local } : want(index, local, specifier.start);
        links.exports.set(moduleName(specifier.exported), source);
      }
      for (const local of declaredNames(node.declaration)) links.exports.set(local, { local });
    }
  }
  // `import { a } from "x"; export { a }` is a re-export, wherever the two stand.
  for (const [name, source] of links.exports) {
    const binding = "local" in source ? links.imports.get(source.local) : undefined;
    if (binding !== undefined) links.exports.set(name, binding);
  }
  return links;
}

function readImport(
  node: ImportDeclaration,
  links: ModuleLinks,
  index: number,
  want: (index: number, name: string, start: number) => ImportBinding,
): void {
  for (const specifier of node.specifiers) {
    const { local, start } = specifier;
    if (specifier.type === "ImportNamespaceSpecifier")
      links.imports.set(local.name, { request: index, name: undefined });
    else if (specifier.type === "ImportDefaultSpecifier")
      links.imports.set(local.name, want(index, "default", start));
    else links.imports.set(local.name, want(index, moduleName(specifier.imported), start));
  }
}

function moduleName(node: ExportSpecifier["local"]): string {
  return node.type === "Literal" ? String(node.value) : node.name;
}
