import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Length of the hash before the content. */
export const SEAL_BYTES = 32;

/**
 * Reads a file of {@link writeSealed}; undefined if it is missing, broken, or not ours alone: what it
 * holds runs as machine code, so nobody else may be able to write it.
 */
export async function readSealed(file: string): Promise<Uint8Array | undefined> {
  try {
    const { uid, mode } = await stat(file);
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) return undefined;
    const all = await readFile(file);
    const content = all.subarray(SEAL_BYTES);
    return sealOf(content).equals(all.subarray(0, SEAL_BYTES)) ? new Uint8Array(content) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes a file at once or not at all, with a hash before its content. A failure is not an error.
 *
 * @param mode who may read it
 */
export async function writeSealed(file: string, content: Uint8Array, mode = 0o600): Promise<void> {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, Buffer.concat([sealOf(content), content]), { mode });
    await rename(draft, file);
  } catch {
    // Without the file the next start takes longer, nothing else.
  }
}

/** The hash of a content. */
export function sealOf(content: Uint8Array): Buffer {
  return createHash("sha256").update(content).digest();
}
