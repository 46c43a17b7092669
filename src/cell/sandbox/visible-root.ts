import { dirname } from "node:path";
import type { CellFiles } from "./cell-files.ts";
import type { Libraries } from "./shared-libraries.ts";

/** A file system for a cell: what is there, by the path at which it is seen. All of it can only be read. */
export interface VisibleRoot {
  readonly files: ReadonlyMap<string, string>;
  readonly folders: ReadonlyMap<string, string>;
}

/** What a cell's own file system has: its files, the programs that it becomes, and their libraries. */
export function visibleRoot(cell: CellFiles, libraries: Libraries, programs: readonly string[]): VisibleRoot {
  const files = new Map<string, string>();
  for (const path of [cell.node, ...programs, ...libraries.files, ...cell.files]) files.set(path, path);
  const folders = new Map(cell.folders);
  for (const path of libraries.folders) folders.set(path, path);
  return { files, folders };
}

/** Every folder that has to be made for them to be seen. */
export function foldersToMake({ files, folders }: VisibleRoot): string[] {
  return [...new Set([...folders.keys(), ...[...files.keys()].map((path) => dirname(path))])];
}
