import type { Bytes } from "../../storage/kv-store.ts";
import { CallError } from "../binding.ts";
import { kvFailure } from "./kv-failure.ts";
import type { KvMethod } from "./kv-failure.ts";
import { KEY_BYTES } from "./kv-limits.ts";

const encoder = new TextEncoder();

/**
 * The bytes of a key. Lone surrogates become U+FFFD, as in every USVString.
 * @throws {CallError} in the words of Workers KV, if it is no key.
 */
export function keyBytes(method: KvMethod, name: string): Bytes {
  if (method === "GET_BULK") {
    if (name === "") throw kvFailure(method, 400, "Key names must not be empty");
    if (name === "." || name === "..")
      throw kvFailure(method, 400, `Illegal key name "${name}". Please use a different name.`);
  } else {
    if (name === "") throw new CallError("TypeError", "Key name cannot be empty.");
    if (name === "." || name === "..")
      throw new CallError("TypeError", `"${name}" is not allowed as a key name.`);
  }
  return bounded(method, name);
}

/**
 * The bytes of a prefix, which may be empty.
 * @throws {CallError} if it is longer than a key may be.
 */
export function prefixBytes(prefix: string): Bytes {
  return bounded("GET", prefix);
}

function bounded(method: KvMethod, name: string): Bytes {
  // Measured before it is copied: a hostile name may have megabytes.
  const length = Buffer.byteLength(name, "utf8");
  if (length > KEY_BYTES)
    throw kvFailure(
      method,
      414,
      `UTF-8 encoded length of ${length} exceeds key length limit of ${KEY_BYTES}.`,
    );
  return encoder.encode(name);
}
