/**
 * Members of the dictionaries of Web Crypto, as `name:type`, in the order in which Web IDL reads them; `!` marks a
 * required one. `name` is not listed: every dictionary begins with it.
 */
const NONE: readonly string[] = [];
const CBC = ["iv:bytes!"];
const CTR = ["counter:bytes!", "length:octet!"];
const GCM = ["additionalData:bytes", "iv:bytes!", "tagLength:octet"];
const AES_KEY = ["length:short!"];
const HMAC_KEY = ["hash:hash!", "length:long"];
const HASHED = ["hash:hash!"];
const CURVE = ["namedCurve:text!"];
const CONTEXT = ["context:bytes"];
const PEER = ["public:key!"];
const LABEL = ["label:bytes"];
const SALT_LENGTH = ["saltLength:long!"];
const RSA_KEY = ["modulusLength:long!", "publicExponent:integer!", "hash:hash!"];
const HKDF = ["hash:hash!", "info:bytes!", "salt:bytes!"];
const PBKDF2 = ["hash:hash!", "iterations:long!", "salt:bytes!"];

type Registry = Readonly<Record<string, readonly string[] | undefined>>;

function registry(entries: Record<string, readonly string[]>): Registry {
  return { __proto__: null, ...entries } as unknown as Registry;
}

const CIPHERS = registry({ "AES-CBC": CBC, "AES-CTR": CTR, "AES-GCM": GCM, "RSA-OAEP": LABEL });
const SIGNATURES = registry({
  "RSASSA-PKCS1-v1_5": NONE,
  "RSA-PSS": SALT_LENGTH,
  ECDSA: HASHED,
  Ed25519: NONE,
  Ed448: CONTEXT,
  HMAC: NONE,
});
const DERIVATIONS = registry({ ECDH: PEER, X25519: PEER, X448: PEER, HKDF, PBKDF2 });
const KEY_WRAP = registry({ "AES-KW": NONE });
const MADE_KEYS = registry({
  "RSASSA-PKCS1-v1_5": RSA_KEY,
  "RSA-PSS": RSA_KEY,
  "RSA-OAEP": RSA_KEY,
  ECDSA: CURVE,
  ECDH: CURVE,
  Ed25519: NONE,
  Ed448: NONE,
  X25519: NONE,
  X448: NONE,
  "AES-CTR": AES_KEY,
  "AES-CBC": AES_KEY,
  "AES-GCM": AES_KEY,
  "AES-KW": AES_KEY,
  HMAC: HMAC_KEY,
});
const IMPORTED_KEYS = registry({
  "RSASSA-PKCS1-v1_5": HASHED,
  "RSA-PSS": HASHED,
  "RSA-OAEP": HASHED,
  ECDSA: CURVE,
  ECDH: CURVE,
  Ed25519: NONE,
  Ed448: NONE,
  X25519: NONE,
  X448: NONE,
  "AES-CTR": NONE,
  "AES-CBC": NONE,
  "AES-GCM": NONE,
  "AES-KW": NONE,
  HMAC: HMAC_KEY,
  HKDF: NONE,
  PBKDF2: NONE,
});
/** Algorithms of derived keys: what `get key length` needs is all that importing needs, and more. */
const DERIVED_KEYS = registry({
  "AES-CTR": AES_KEY,
  "AES-CBC": AES_KEY,
  "AES-GCM": AES_KEY,
  "AES-KW": AES_KEY,
  HMAC: HMAC_KEY,
  HKDF: NONE,
  PBKDF2: NONE,
});
const DIGESTS = registry({ "SHA-1": NONE, "SHA-256": NONE, "SHA-384": NONE, "SHA-512": NONE });
/** Workers know one more digest than Web Crypto, for digests only. */
const DIGESTS_AND_MD5 = registry({ ...DIGESTS, MD5: NONE });

/** The algorithms of each operation with the members of their parameters. */
export const OPERATIONS = {
  encrypt: CIPHERS,
  decrypt: CIPHERS,
  sign: SIGNATURES,
  verify: SIGNATURES,
  deriveBits: DERIVATIONS,
  wrapKey: KEY_WRAP,
  unwrapKey: KEY_WRAP,
  generateKey: MADE_KEYS,
  importKey: IMPORTED_KEYS,
  "get key length": DERIVED_KEYS,
  hash: DIGESTS,
  digest: DIGESTS_AND_MD5,
} as const;
export type Operation = keyof typeof OPERATIONS;
