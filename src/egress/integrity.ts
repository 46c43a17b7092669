import { createHash } from "node:crypto";
import { joinBytes } from "../cell/protocol/join-bytes.ts";
import { EgressError } from "./egress-error.ts";
import type { HeldBytes } from "./held-bytes.ts";

/** Algorithms of Subresource Integrity, the weakest first. */
const ALGORITHMS = ["sha256", "sha384", "sha512"];
const MAX_METADATA_CHARS = 8 * 1024;
/** A body that is checked is held as a whole before any of it is handed on. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const ITEM = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?[\x21-\x7e]*)?$/i;

/** What a response's body has to be. */
export interface Integrity {
  readonly algorithm: string;
  /** Digests, any of which will do. */
  readonly digests: readonly Buffer[];
}

/**
 * Reads the `integrity` of a request, as Subresource Integrity does: the strongest algorithm counts, and what is
 * not understood asks for nothing.
 *
 * @returns null if nothing has to be checked
 * @throws {EgressError} if it is too long
 */
export function readIntegrity(text: string): Integrity | null {
  if (text.length > MAX_METADATA_CHARS)
    throw new EgressError("TypeError", "Cannot fetch: the integrity is too long");
  let strongest = -1;
  let digests: Buffer[] = [];
  for (const item of text.split(/[\t\n\f\r ]+/)) {
    const [, name, digest] = ITEM.exec(item) ?? [];
    if (name === undefined || digest === undefined) continue;
    const strength = ALGORITHMS.indexOf(name.toLowerCase());
    if (strength > strongest) {
      strongest = strength;
      digests = [];
    }
    // Base64 and base64url, padded or not.
    if (strength === strongest) digests.push(Buffer.from(digest, "base64"));
  }
  return strongest < 0 ? null : { algorithm: ALGORITHMS[strongest]!, digests };
}

/**
 * Reads a body whole, and checks it.
 *
 * @param held Counts what is read until it is whole.
 * @throws {EgressError} if it is another than was asked for, there is none, or it is larger than 16 MiB
 */
export async function checkedBody(
  body: Uint8Array | ReadableStream<Uint8Array> | null,
  { algorithm, digests }: Integrity,
  held: HeldBytes,
): Promise<Uint8Array> {
  if (body === null) throw refused("there is no body");
  const bytes = body instanceof Uint8Array ? body : await readWhole(body, held);
  const found = createHash(algorithm).update(bytes).digest();
  if (!digests.some((digest) => digest.equals(found))) throw refused("the body is another");
  return bytes;
}

async function readWhole(body: ReadableStream<Uint8Array>, held: HeldBytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      held.take(chunk.byteLength);
      sizeBytes += chunk.byteLength;
      if (sizeBytes > MAX_BODY_BYTES) throw refused(`the body is larger than ${MAX_BODY_BYTES} bytes`);
      chunks.push(chunk);
    }
    return joinBytes(chunks, sizeBytes);
  } finally {
    held.give(sizeBytes);
  }
}

function refused(problem: string): EgressError {
  return new EgressError(
    "TypeError",
    `Cannot fetch: the response does not have the integrity asked for, ${problem}`,
  );
}
