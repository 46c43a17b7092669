import { KEY_BYTES } from "./cache-store.ts";
import type { Bytes } from "./kv-store.ts";

/** Entries that one question with `ignoreSearch`, or of all caches, looks at; it finds none beyond them. */
export const MAX_SEEN = 1_000;

/** The first and the last key that stand for a URL, or for all that differ from it in their query. */
export function keysAlike(key: Bytes, ignoreSearch: boolean = false): readonly [first: Bytes, last: Bytes] {
  if (!ignoreSearch) return [key, key];
  return [new Uint8Array(key).fill(0, KEY_BYTES / 2), new Uint8Array(key).fill(255, KEY_BYTES / 2)];
}
