import { lstatSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the names of folders with a copy of the image begin with; the id of their process follows. */
export const SHARED_IMAGE_PREFIX = "skerry-image-";
const NAME = /^skerry-image-(\d{1,10})-[A-Za-z0-9]{6}$/;
const OTHERS_WRITE = 0o022;

/**
 * Removes copies of the image that processes of this user left which ended without a word. Best effort; one that is in
 * use still, by a host in another container that shares the folder, is made again there.
 */
export function removeAbandonedImages(): void {
  try {
    for (const name of readdirSync(tmpdir())) {
      const pid = NAME.exec(name)?.[1];
      const folder = join(tmpdir(), name);
      if (pid !== undefined && isOwnFolder(folder) && isAbandoned(Number(pid), folder))
        rmSync(folder, { recursive: true, force: true });
    }
  } catch {
    // The next host tries again.
  }
}

/** Whether this is a folder, not a link to one, that belongs to this process's user and that nobody else can write. */
export function isOwnFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory()) return false;
  const user = process.geteuid?.();
  return user === undefined || (found.uid === user && (found.mode & OTHERS_WRITE) === 0);
}

function isAbandoned(pid: number, folder: string): boolean {
  // In a container each start may get the id that the one before it had.
  if (pid === process.pid) return lstatSync(folder).mtimeMs < Date.now() - process.uptime() * 1_000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
