import { basename, relative, sep } from "node:path";

/** The name of a file among the modules below a folder: its path in it, or its own name where it is elsewhere. */
export function moduleName(root: string, file: string): string {
  const path = relative(root, file).split(sep).join("/");
  return path.startsWith("../") ? basename(file) : path;
}
