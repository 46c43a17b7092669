import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Makes the folder in which `skerry dev` keeps its data: readable by its owner only, and kept out of Git, for it holds
 * the secrets of `.dev.vars` and `.env`.
 * @param root Folder of the first worker: the data is in `.skerry/dev` below it, apart from that of a host.
 * @param data Another folder. If it is there already it stays as it is, for it may hold more than data.
 * @returns Its absolute path.
 */
export function makeDevelopmentFolder(root: string, data?: string): string {
  const folder = resolve(data ?? join(root, ".skerry", "dev"));
  const isNew = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
  if (data === undefined) ignoreInGit(join(root, ".skerry"));
  else if (isNew) ignoreInGit(folder);
  return folder;
}

function ignoreInGit(folder: string): void {
  try {
    writeFileSync(join(folder, ".gitignore"), "*\n", { flag: "wx" });
  } catch (error) {
    // One that is there is somebody's own; a folder of another user's is no reason not to start.
    if (!["EEXIST", "EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
  }
}
