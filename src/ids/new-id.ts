import { randomBytes } from "node:crypto";

/** Without letters and digits that people confuse, and in an order that sorts like its bytes. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** Times 5 bits: 120 bits, more than a random UUID has. */
const CHARS = 24;

/**
 * A new random id, safe in URLs and file names, such as `acc_4k2m…`.
 *
 * @param prefix what the id names, in lower-case letters
 */
export function newId(prefix: string): string {
  let id = "";
  for (const byte of randomBytes(CHARS)) id += ALPHABET[byte & 31];
  return `${prefix}_${id}`;
}
