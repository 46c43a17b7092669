import { createHash } from "node:crypto";
import type { Bytes } from "../../storage/kv-store.ts";
import { kvFailure } from "./kv-failure.ts";
import { KEY_BYTES } from "./kv-limits.ts";

const CHECK_BYTES = 12;

/**
 * Where the next page of a list begins: after this key. The cursor holds the key and a check over
 * namespace, prefix and key, so that one of another list, or a damaged one, is refused. It is no
 * secret: whoever forges one reads on elsewhere in a list that is open to him anyway.
 */
export function writeCursor(ns: number, prefix: Bytes, key: Bytes): string {
  return Buffer.concat([check(ns, prefix, key), key]).toString("base64url");
}

/**
 * The key in a cursor of this list.
 * @throws {CallError} if it is none.
 */
export function readCursor(ns: number, prefix: Bytes, cursor: string): Bytes {
  if (cursor.length <= Math.ceil(((CHECK_BYTES + KEY_BYTES) * 4) / 3)) {
    const bytes = Buffer.from(cursor, "base64url");
    const key = Uint8Array.from(bytes.subarray(CHECK_BYTES));
    // Written again and compared as text: the decoder overlooks letters that are none of base64url.
    if (bytes.length > CHECK_BYTES && writeCursor(ns, prefix, key) === cursor) return key;
  }
  throw kvFailure("GET", 400, "Invalid cursor");
}

function check(ns: number, prefix: Bytes, key: Bytes): Buffer {
  return createHash("sha256")
    .update(`skerry kv cursor 1 ${ns} ${prefix.length} `)
    .update(prefix)
    .update(key)
    .digest()
    .subarray(0, CHECK_BYTES);
}
