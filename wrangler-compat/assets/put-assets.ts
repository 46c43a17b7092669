import { createReadStream } from "node:fs";
import type { AssetControl } from "../../src/index.ts";
import type { CollectedAssets } from "./collect-assets.ts";

/** Contents that are sent at once. */
const AT_ONCE = 4;

/**
 * Puts those contents of a folder that a host has not yet.
 * @param target the host's own control, or a client of it
 * @returns how many were sent
 * @throws SkerryError `INVALID_ASSETS`, `ASSETS_FULL`
 */
export async function putAssets(
  target: Pick<AssetControl, "missing" | "put">,
  account: string,
  { files, contents }: CollectedAssets,
): Promise<number> {
  const missing = new Set(await target.missing(account, files));
  const wanted = contents.filter(({ hash }) => missing.has(hash));
  const rest = wanted.values();
  const send = async (): Promise<void> => {
    for (const { hash, path, contentType } of rest)
      await target.put(account, hash, createReadStream(path), contentType);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return wanted.length;
}
