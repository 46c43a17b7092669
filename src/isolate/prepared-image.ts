import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { PartScripts } from "./ask/part.ts";
import { SEAL_BYTES, sealOf, writeSealed } from "./sealed-file.ts";

/** What an image is made of, as it lies in one file. */
export interface ImageParts {
  readonly script: string;
  readonly parts: PartScripts;
  readonly codeCache: Uint8Array | undefined;
}

/**
 * Writes all that an image is made of into one file that others may read, for cells that can read little else and
 * must not write. It is no secret: it holds Skerry's own code.
 *
 * @param folder a folder of the host's own
 * @returns the file's path, which follows from the content
 */
export async function writePreparedImage(folder: string, parts: ImageParts): Promise<string> {
  const content = serialize(parts);
  const name = createHash("sha256").update(content).digest("hex").slice(0, 32);
  const file = join(folder, `prepared-${name}`);
  await writeSealed(file, content, 0o644);
  return file;
}

/**
 * Reads such a file. Its path comes from the host, which had it written; the reader may be another user.
 *
 * @throws Error where it is missing or broken
 */
export async function readPreparedImage(file: string): Promise<ImageParts> {
  const all = await readFile(file);
  const content = all.subarray(SEAL_BYTES);
  if (!sealOf(content).equals(all.subarray(0, SEAL_BYTES))) throw new Error(`the image ${file} is damaged`);
  const { codeCache, ...scripts } = deserialize(content) as ImageParts;
  // What is read is a view of the whole file.
  return { ...scripts, codeCache: codeCache && new Uint8Array(codeCache) };
}
