import { randomBytes, randomUUID } from "node:crypto";
import { chmod, link, readFile, rm, writeFile } from "node:fs/promises";

const SECRET_BYTES = 32;

/**
 * Reads a secret of this host, making it when there is none. Whoever comes first decides it.
 *
 * @param path of the file, which only its owner may read
 */
export async function readHostSecret(path: string): Promise<Uint8Array> {
  const existing = await readSecret(path);
  if (existing?.length === SECRET_BYTES) return existing;
  // A file of the wrong length never was a secret: what it protected is lost, and can be made again.
  if (existing !== undefined) await rm(path, { force: true });
  const partial = `${path}.${randomUUID()}`;
  const made = randomBytes(SECRET_BYTES);
  await writeFile(partial, made, { mode: 0o600, flag: "wx", flush: true });
  try {
    await link(partial, path);
    return made;
  } catch (error) {
    const other = await readSecret(path);
    if (other?.length !== SECRET_BYTES) throw error;
    return other;
  } finally {
    await rm(partial, { force: true });
  }
}

async function readSecret(path: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (bytes !== undefined) await chmod(path, 0o600);
  return bytes;
}
