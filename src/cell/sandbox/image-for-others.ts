import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/**
 * Copies the image that cells start from to where every user of the machine can read it, and nobody but this one can
 * write. A cell that has a user of its own, but no file system of its own, cannot look into the folders of the host's user.
 *
 * @param image the file's path
 * @returns the path of the copy, which goes with this process
 */
export function imageForOthers(image: string): string {
  const folder = mkdtempSync(join(tmpdir(), "skerry-image-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, basename(image));
  copyFileSync(image, copy);
  chmodSync(copy, 0o644);
  chmodSync(folder, 0o755);
  return copy;
}
