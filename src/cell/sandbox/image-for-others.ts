import { chmodSync, copyFileSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isOwnFolder, removeAbandonedImages, SHARED_IMAGE_PREFIX } from "./abandoned-images.ts";

/** A copy of the image that every user of the machine can read. */
export interface ImageForOthers {
  /** The file's path, which stays the same. */
  readonly path: string;
  /**
   * Copies the image again if the copy is gone: machines remove what lies among the temporary files for days.
   * @throws Error where there is no image any more, or something of another user's is in the copy's place
   */
  readonly restore: () => void;
}

/**
 * Copies the image that cells start from to where every user of the machine can read it, and nobody but this one can
 * write. A cell that has a user of its own, but no file system of its own, cannot look into the folders of the host's user.
 * Copies of processes that were killed are removed.
 *
 * @param image the file's path
 * @returns the copy, which goes with this process
 */
export function imageForOthers(image: string): ImageForOthers {
  removeAbandonedImages();
  const folder = mkdtempSync(join(tmpdir(), `${SHARED_IMAGE_PREFIX}${process.pid}-`));
  process.on("exit", () => {
    if (isOwnFolder(folder)) rmSync(folder, { recursive: true, force: true });
  });
  const path = join(folder, basename(image));
  const restore = (): void => {
    makeFolder(folder);
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === true) return;
    const part = `${path}.part`;
    copyFileSync(image, part);
    chmodSync(part, 0o644);
    renameSync(part, path);
    chmodSync(folder, 0o755);
  };
  restore();
  return { path, restore };
}

/** Everybody can see the name, and may take it when the folder is gone: what stands there then is not for cells. */
function makeFolder(folder: string): void {
  if (isOwnFolder(folder)) return;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new Error(`${folder}, where the image that cells start from was, is not this user's any more`);
  }
}
