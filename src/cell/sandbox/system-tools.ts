import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Where the system's own programs are. The user's PATH has no say in what guards the cells. */
const FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] as const;
export const SYSTEM_PATH: string = FOLDERS.join(":");

const TOOLS = ["bwrap", "chroot", "choom", "mount", "prlimit", "setpriv", "sh", "unshare"] as const;

/** Programs of the system that build a sandbox, by name, where the machine has them. */
export type SystemTools = Readonly<Partial<Record<(typeof TOOLS)[number], string>>>;

/** Looks for the programs that build a sandbox. */
export function findSystemTools(): SystemTools {
  const found: Partial<Record<(typeof TOOLS)[number], string>> = {};
  for (const tool of TOOLS) {
    const path = FOLDERS.map((folder) => join(folder, tool)).find(isProgram);
    if (path !== undefined) found[tool] = path;
  }
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
