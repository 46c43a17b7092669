import { setImmediate } from "node:timers/promises";
import {
  ENTRY_BYTES,
  HEAD_BYTES,
  MARK,
  type FoundAsset,
  type ManifestFacts,
  pathDigest,
} from "./manifest.ts";
import type { AssetConfig } from "./worker-assets.ts";

/** Entries that are handled before others get a turn. */
const ENTRIES_PER_TURN = 1_000;

/** The bytes of a manifest, made in small steps: a hundred thousand files must not hold up the host. */
export async function writeManifest(
  files: Iterable<readonly [path: string, file: FoundAsset]>,
  config: AssetConfig,
): Promise<Uint8Array> {
  const types = new Map<string | null, number>();
  // By the first byte of the digest: sorting few at a time takes little at a time.
  const buckets = Array.from({ length: 256 }, (): Buffer[] => []);
  let done = 0;
  for (const [path, { hash, sizeBytes, contentType }] of files) {
    const type = types.get(contentType) ?? types.size;
    types.set(contentType, type);
    const entry = Buffer.alloc(ENTRY_BYTES);
    const digest = pathDigest(path);
    entry.set(digest);
    entry.write(hash, digest.length, "hex");
    entry.writeUInt32BE(sizeBytes, 2 * digest.length);
    entry.writeUInt32BE(type, 2 * digest.length + 4);
    buckets[entry[0]!]!.push(entry);
    if (++done % ENTRIES_PER_TURN === 0) await setImmediate();
  }
  const table = Buffer.alloc(done * ENTRY_BYTES);
  let at = 0;
  let sinceTurn = 0;
  for (const bucket of buckets) {
    for (const entry of bucket.sort((a, b) => a.compare(b))) at += entry.copy(table, at);
    sinceTurn += bucket.length;
    if (sinceTurn < ENTRIES_PER_TURN) continue;
    sinceTurn = 0;
    await setImmediate();
  }
  return joinManifest({ config, types: [...types.keys()] }, table);
}

/** A manifest of facts and the table of another one, or a new one. */
export function joinManifest(facts: ManifestFacts, table: Uint8Array): Uint8Array {
  const json = Buffer.from(JSON.stringify(facts));
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(MARK, 0);
  head.writeUInt32BE(json.length, 4);
  return Buffer.concat([head, json, table]);
}
