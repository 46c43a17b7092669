import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Says how the rest is laid out. */
const FORM = 1;
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/**
 * Encrypts a value with a random key of its own, which is encrypted with the master key: form, wrapped key, value.
 *
 * @param about What the value belongs to: whoever opens it has to say the same.
 * @see NIST SP 800-38D (AES-GCM)
 */
export function seal(masterKey: Uint8Array, about: string, value: string): Uint8Array {
  const key = randomBytes(KEY_BYTES);
  const wrapped = encrypt(masterKey, `key\0${about}`, key);
  const sealed = Buffer.concat([
    Uint8Array.of(FORM),
    wrapped,
    encrypt(key, `value\0${about}`, Buffer.from(value, "utf8")),
  ]);
  key.fill(0);
  return new Uint8Array(sealed);
}

/** The value again. @throws if it is not what was sealed, or belongs to something else */
export function unseal(masterKey: Uint8Array, about: string, sealed: Uint8Array): string {
  if (sealed[0] !== FORM) throw new Error(`form ${sealed[0]} is not known`);
  const key = decrypt(masterKey, `key\0${about}`, sealed.subarray(1, 1 + WRAPPED_BYTES));
  const value = decrypt(key, `value\0${about}`, sealed.subarray(1 + WRAPPED_BYTES));
  key.fill(0);
  return value.toString("utf8");
}

function encrypt(key: Uint8Array, about: string, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, about: string, bytes: Uint8Array): Buffer {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error("cut short");
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(about))
    .setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const plain = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES));
  return Buffer.concat([plain, decipher.final()]);
}
