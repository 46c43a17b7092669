import type { Bytes } from "./kv-store.ts";

/** The smallest key that is greater than every key with this prefix; null: there is none. */
export function afterPrefix(prefix: Bytes): Bytes | null {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return null;
  // A copy: `slice` of a Node Buffer would be the prefix itself.
  const end = Uint8Array.from(prefix.subarray(0, length));
  end[length - 1] = (end[length - 1] ?? 0) + 1;
  return end;
}
