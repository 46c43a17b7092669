/**
 * Web Crypto between the isolate and the host. Keys live in the host; a key is a number that means one of the
 * isolate's own keys. The operations are those of `SubtleCrypto` but `digest`, which the cell answers, and two more:
 * `hash`, a digest in pieces, and `free`.
 *
 * The op of a call is `crypto.` and the method's name. Its arguments are the method's parameters in the order
 * that Web Crypto gives them, each in one of these forms:
 *
 * | parameter | form |
 * | --- | --- |
 * | `algorithm` `keyAlgorithm` | normalized: a count, then so many pairs of member and value, see {@link MEMBERS}; the first is `name` |
 * | `key` `otherKey` | number of a key |
 * | `data` `signature` | bytes |
 * | `keyData` | bytes, or JSON text if the format is `jwk` |
 * | `format` | `raw` `spki` `pkcs8` `jwk` |
 * | `usages` | text, joined by commas |
 * | `extractable` `last` | boolean |
 * | `length` | bits, or null |
 * | `hash` | number of a digest under way, or 0 for a new one |
 *
 * Replies: bytes; a boolean for `verify`; JSON text for an exported `jwk`; for `hash` its number, or the digest's
 * bytes after the last piece; else one key, or two (public, then private), each as
 * `number, type, extractable, usages, algorithm`.
 */
export const CRYPTO_PARAMETERS: Readonly<Record<CryptoMethod, readonly CryptoParameter[]>> = {
  encrypt: ["algorithm", "key", "data"],
  decrypt: ["algorithm", "key", "data"],
  sign: ["algorithm", "key", "data"],
  verify: ["algorithm", "key", "signature", "data"],
  generateKey: ["algorithm", "extractable", "usages"],
  deriveKey: ["algorithm", "key", "keyAlgorithm", "extractable", "usages"],
  deriveBits: ["algorithm", "key", "length"],
  importKey: ["format", "keyData", "keyAlgorithm", "extractable", "usages"],
  exportKey: ["format", "key"],
  wrapKey: ["format", "key", "otherKey", "algorithm"],
  unwrapKey: ["format", "data", "otherKey", "algorithm", "keyAlgorithm", "extractable", "usages"],
  hash: ["hash", "algorithm", "data", "last"],
};
export type CryptoMethod =
  | "encrypt"
  | "decrypt"
  | "sign"
  | "verify"
  | "generateKey"
  | "deriveKey"
  | "deriveBits"
  | "importKey"
  | "exportKey"
  | "wrapKey"
  | "unwrapKey"
  | "hash";

export type CryptoParameter =
  | "algorithm"
  | "keyAlgorithm"
  | "key"
  | "otherKey"
  | "data"
  | "signature"
  | "keyData"
  | "format"
  | "usages"
  | "extractable"
  | "last"
  | "length"
  | "hash";

/** Members of algorithms, and the kind of their value. `key` is the number of a key. */
export const MEMBERS = {
  name: "text",
  hash: "text",
  namedCurve: "text",
  length: "number",
  iterations: "number",
  modulusLength: "number",
  saltLength: "number",
  tagLength: "number",
  additionalData: "bytes",
  context: "bytes",
  counter: "bytes",
  info: "bytes",
  iv: "bytes",
  label: "bytes",
  publicExponent: "bytes",
  salt: "bytes",
  public: "key",
} as const;

export const KEY_FORMATS = ["raw", "spki", "pkcs8", "jwk"] as const;
export type KeyFormat = (typeof KEY_FORMATS)[number];

export const KEY_USAGES = [
  "encrypt",
  "decrypt",
  "sign",
  "verify",
  "deriveKey",
  "deriveBits",
  "wrapKey",
  "unwrapKey",
] as const;

/** Beginning of the op of every call of this page. */
export const CRYPTO_OP = "crypto.";
/** Op that forgets keys and digests; its arguments are their numbers. */
export const CRYPTO_FREE = "crypto.free";

/** Bytes that one operation takes, all its arguments together. */
export const CRYPTO_BYTES: number = 16 * 1024 * 1024;
/** Bytes of a key that is imported, or of a wrapped one. */
export const KEY_DATA_BYTES: number = 1024 * 1024;
/** Numbers that one call of {@link CRYPTO_FREE} takes. */
export const FREED_AT_ONCE = 1_000;
