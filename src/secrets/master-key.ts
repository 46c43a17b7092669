import { createHash, randomBytes } from "node:crypto";
import { SecretsError } from "./secrets-error.ts";

const KEY_BYTES = 32;

/** A key that encrypts the keys of secrets. */
export interface MasterKey {
  /** Names it beside what it encrypted; says nothing about the key. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** A fresh key. */
export function newMasterKey(): MasterKey {
  return masterKey(randomBytes(KEY_BYTES));
}

/** A key as text: 32 bytes in base64. */
export function keyText({ bytes }: MasterKey): string {
  return Buffer.from(bytes).toString("base64");
}

/**
 * Reads keys from text: one a line (or parted by spaces or commas), in base64 or hexadecimal; `#` begins a comment. The
 * first encrypts, all decrypt.
 *
 * @param from Where the text comes from, for messages.
 * @throws SecretsError `INVALID_SECRETS_KEY` naming the place of the first that is none, never its text.
 */
export function parseKeys(text: string, from: string): MasterKey[] {
  const entries = text
    .replace(/#.*$/gm, "")
    .split(/[\s,]+/)
    .filter((entry) => entry !== "");
  return entries.map((entry, index) => {
    const bytes = /^[\da-f]{64}$/i.test(entry)
      ? Buffer.from(entry, "hex")
      : /^[\w+/-]{43}=?$/.test(entry)
        ? Buffer.from(entry, "base64")
        : null;
    if (bytes?.length === KEY_BYTES) return masterKey(bytes);
    throw new SecretsError(
      "INVALID_SECRETS_KEY",
      `key ${index + 1} in ${from} is no key; a key is ${KEY_BYTES} random bytes in base64 (openssl rand -base64 32) or hexadecimal`,
    );
  });
}

function masterKey(bytes: Uint8Array): MasterKey {
  const id = createHash("sha256").update("skerry secrets key\0").update(bytes).digest("hex").slice(0, 16);
  return { id, bytes: new Uint8Array(bytes) };
}
