import { setImmediate } from "node:timers/promises";
import type { AssetStore } from "../storage/asset-store.ts";
import { Manifest } from "./manifest.ts";
import { readPiece } from "./read-piece.ts";

/** Entries and names that are handled before others get a turn. */
const PER_TURN = 2_000;
const REMOVALS_PER_TURN = 8;

/**
 * Removes the pieces of an account that nothing names and that were not used since a time.
 * @param manifests those that versions name: they stay, and so does what they name
 * @param onRemoved hears of each piece once it is gone, also where a later one cannot be removed
 * @throws if one of the manifests cannot be read; nothing is removed then
 */
export async function sweepAccount(
  store: AssetStore,
  account: string,
  manifests: readonly string[],
  sinceMs: number,
  onRemoved: (name: string) => Promise<void>,
): Promise<void> {
  const kept = new Set(manifests);
  for (const name of manifests) {
    const bytes = await readPiece(store, account, name);
    // What it names is not known: its other versions may need it, and so all stays.
    if (bytes === null) throw new Error(`the list of assets ${name} of account "${account}" is missing`);
    const manifest = new Manifest(bytes);
    for (let first = 0; first < manifest.fileCount; first += PER_TURN) {
      for (const content of manifest.contents(first, first + PER_TURN)) kept.add(content);
      await setImmediate();
    }
  }
  let looks = 0;
  let tries = 0;
  for (const name of await store.list(account)) {
    if (++looks % PER_TURN === 0) await setImmediate();
    if (kept.has(name)) continue;
    if (await store.removeUnused(account, name, sinceMs)) await onRemoved(name);
    if (++tries % REMOVALS_PER_TURN === 0) await setImmediate();
  }
}
