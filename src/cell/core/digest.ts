import { createHash, webcrypto } from "node:crypto";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { exactBytes } from "../protocol/flat-reader.ts";
import { type CellAnswer, refusal } from "./cell-answer.ts";

/** Names as workers give them, and as OpenSSL knows them. */
const ALGORITHMS = new Map([
  ["MD5", "md5"],
  ["SHA-1", "sha1"],
  ["SHA-256", "sha256"],
  ["SHA-384", "sha384"],
  ["SHA-512", "sha512"],
]);
/** Up to this size a digest takes less time than handing it to another thread. */
const INLINE_BYTES = 8 * 1024;
/** Piece of a digest that has to run on this thread; a few ms. */
const PIECE_BYTES = 1024 * 1024;
/** CPU that a digest is charged: about 400 MB a second, whoever computes it. */
const BYTES_PER_US = 400;

/** Answers the runtime's `digest` call, off the event loop where it is long. Never rejects. */
export async function digest(args: readonly Flat[]): Promise<CellAnswer> {
  const [name, data] = args;
  const algorithm = typeof name === "string" ? ALGORITHMS.get(name.toUpperCase()) : undefined;
  if (algorithm === undefined)
    return refusal("NotSupportedError", "Unrecognized or unimplemented digest algorithm requested");
  if (!(data instanceof Uint8Array)) return refusal("TypeError", "digest needs bytes");
  const cpuUs = data.length / BYTES_PER_US;
  try {
    return { ok: true, values: [await compute(algorithm, name as string, data)], cpuUs };
  } catch {
    return refusal("OperationError", "The digest could not be computed");
  }
}

async function compute(algorithm: string, name: string, data: Uint8Array): Promise<Uint8Array> {
  if (data.length > INLINE_BYTES && algorithm !== "md5") {
    return new Uint8Array(await webcrypto.subtle.digest(name.toUpperCase(), data as Uint8Array<ArrayBuffer>));
  }
  const hash = createHash(algorithm);
  for (let at = 0; at < data.length; at += PIECE_BYTES) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    hash.update(data.subarray(at, at + PIECE_BYTES));
  }
  return exactBytes(hash.digest());
}
