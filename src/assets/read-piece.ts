import type { AssetStore } from "../storage/asset-store.ts";
import { CONTENT_HEAD_BYTES } from "./content-head.ts";
import { sizeInName } from "./piece-name.ts";

/** Reads a piece, or its first bytes; null if there is none. */
export async function readPiece(
  store: AssetStore,
  account: string,
  name: string,
  lengthBytes: number = sizeInName(name) + (name.startsWith("c") ? CONTENT_HEAD_BYTES : 0),
): Promise<Uint8Array | null> {
  const reading = await store.open(account, name);
  if (reading === null) return null;
  try {
    return await reading.read(0, lengthBytes);
  } finally {
    await reading.close();
  }
}
