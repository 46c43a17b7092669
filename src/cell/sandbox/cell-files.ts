import { existsSync, lstatSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The folder of Skerry's code: the package's own from source, `dist` in a published build. */
const CODE_ROOT = resolve(import.meta.dirname, "../../..");
/** Packages that a cell loads. `node-gyp-build` finds the native module of the first. */
const PACKAGES = ["isolated-vm", "node-gyp-build", "html-rewriter-wasm"] as const;

/** What of the file system a cell has to read. */
export interface CellFiles {
  /** The program of Node, where it really is. */
  readonly node: string;
  /** The folder of isolated-vm. */
  readonly isolatedVm: string;
  readonly files: readonly string[];
  /** Folders that are there, by the path at which a cell looks for each. */
  readonly folders: ReadonlyMap<string, string>;
  /** Symbolic links on the way to those. */
  readonly links: readonly string[];
}

/**
 * What a cell reads: Node, Skerry's code, three packages, and what it is told.
 *
 * @param more files beside those
 * @throws Error where a package is missing
 */
export function cellFiles(more: readonly string[]): CellFiles {
  const folders = new Map<string, string>();
  for (const folder of ["src", "runtime-api/contract"]) {
    const path = join(CODE_ROOT, folder);
    if (existsSync(path)) folders.set(path, path);
  }
  const links = new Set<string>();
  const isolatedVm = findPackage(PACKAGES[0], CODE_ROOT);
  for (const name of PACKAGES) {
    const path = name === PACKAGES[0] ? isolatedVm : findPackage(name, CODE_ROOT, realpathSync(isolatedVm));
    const real = realpathSync(path);
    folders.set(real, real).set(path, real);
    // Package managers that keep packages apart have them beside each other only behind links.
    folders.set(join(dirname(isolatedVm), name), real);
    for (const link of linksOn(path)) links.add(link);
  }
  const manifest = above(CODE_ROOT, "package.json");
  return {
    node: realpathSync(process.execPath),
    isolatedVm,
    files: [...(manifest === undefined ? [] : [manifest]), ...more],
    folders,
    links: [...links],
  };
}

function findPackage(name: string, ...from: readonly string[]): string {
  for (const folder of from) {
    const found = above(folder, join("node_modules", name));
    if (found !== undefined) return found;
  }
  throw new Error(`the package ${name} is not installed`);
}

/** The nearest file or folder of a name in a folder or those above it. */
function above(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, name);
    if (existsSync(path)) return path;
    if (at === dirname(at)) return undefined;
  }
}

function linksOn(path: string): string[] {
  const links: string[] = [];
  for (let at = path; at !== dirname(at); at = dirname(at))
    if (lstatSync(at).isSymbolicLink()) links.push(at);
  return links;
}
