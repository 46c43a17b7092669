import type { CryptoRequest } from "./crypto-request.ts";
import type { KeyFacts } from "./key-facts.ts";

/*
 * What operations cost, in microseconds of CPU, measured once and rounded; `docs/crypto.md` has the table. The work
 * is done by native code on threads that other work shares, where the CPU of one operation cannot be read. So it has a
 * price: the same for everybody and at any time, whatever else the machine does.
 */
const BASE_US = 40;
/** Bytes that a cipher or digest does in a microsecond. */
const BYTES_PER_US: Readonly<Record<string, number>> = {
  "AES-CBC": 550,
  "AES-CTR": 1_000,
  "AES-GCM": 900,
  "AES-KW": 200,
  "SHA-1": 1_200,
  "SHA-256": 1_200,
  "SHA-384": 500,
  "SHA-512": 500,
  MD5: 600,
};
const SLOWEST_BYTES_PER_US = 200;
/** Bytes of a key that are made in a microsecond. */
const RANDOM_BYTES_PER_US = 1_000;
/** One operation with a private key of the curve, or making one. */
const CURVE_US: Readonly<Record<string, number>> = {
  "P-256": 120,
  "P-384": 1_250,
  "P-521": 3_000,
  Ed25519: 180,
  X25519: 120,
  Ed448: 300,
  X448: 400,
};
const UNKNOWN_CURVE_US = 3_000;
/** One iteration of PBKDF2 for one block of output. */
const PBKDF2_US: Readonly<Record<string, number>> = {
  "SHA-1": 0.22,
  "SHA-256": 0.21,
  "SHA-384": 0.68,
  "SHA-512": 0.69,
};
const HASH_BYTES: Readonly<Record<string, number>> = {
  "SHA-1": 20,
  "SHA-256": 32,
  "SHA-384": 48,
  "SHA-512": 64,
};
const RSA_2048_PRIVATE_US = 370;
const RSA_2048_PUBLIC_US = 40;
const RSA_2048_GENERATE_US = 55_000;
/** Public exponents up to this size make public operations cheap. */
const SMALL_EXPONENT_BYTES = 8;
/** How much more than a private operation others cost. */
const HUGE_EXPONENT = 10;

/** What the cost of an operation depends on besides its arguments: its keys. */
export interface CostKeys {
  readonly key: KeyFacts | undefined;
  readonly otherKey: KeyFacts | undefined;
}

/** The CPU that an operation is charged with, in microseconds. */
export function cryptoCostUs({ method, parts, bytes }: CryptoRequest, { key, otherKey }: CostKeys): number {
  const { algorithm, keyAlgorithm } = parts;
  switch (method) {
    case "generateKey":
      return BASE_US + generateUs(algorithm);
    case "importKey":
      return BASE_US + importUs(parts.format, keyAlgorithm) + bytes / SLOWEST_BYTES_PER_US;
    case "exportKey":
      return BASE_US + (key?.bits ?? 0) / 100;
    case "deriveBits":
      return BASE_US + deriveUs(algorithm, parts.length ?? 0, key);
    case "deriveKey":
      return 2 * BASE_US + deriveUs(algorithm, derivedBits(keyAlgorithm), key);
    case "wrapKey":
      return 2 * BASE_US + useUs("encrypt", otherKey, undefined, bytes + (key?.bits ?? 0) / 8 + 1_024);
    case "unwrapKey":
      return (
        2 * BASE_US + useUs("decrypt", otherKey, undefined, bytes) + importUs(parts.format, keyAlgorithm)
      );
    case "hash":
      return digestCostUs(algorithm?.name ?? "", bytes);
    default:
      return BASE_US + useUs(method, key, algorithm, bytes);
  }
}

/** The CPU that a piece of a digest is charged with, in microseconds. @param name of the digest that was begun */
export function digestCostUs(name: string, bytes: number): number {
  return BASE_US / 2 + bytes / (priceOf(BYTES_PER_US, name) ?? SLOWEST_BYTES_PER_US);
}

function useUs(
  method: string,
  key: KeyFacts | undefined,
  algorithm: CryptoRequest["parts"]["algorithm"],
  bytes: number,
): number {
  if (key === undefined) return 0;
  // Only ECDSA takes the hash from the call; what else a call or a key names means nothing.
  const named = key.name === "ECDSA" ? algorithm?.["hash"] : key.name.startsWith("Ed") ? undefined : key.hash;
  const hash = typeof named === "string" ? named : undefined;
  const rate = priceOf(BYTES_PER_US, key.name) ?? priceOf(BYTES_PER_US, hash) ?? SLOWEST_BYTES_PER_US;
  return bytes / rate + keyUs(method, key);
}

function keyUs(method: string, key: KeyFacts): number {
  if (key.name.startsWith("RSA")) return rsaUs(key, method === "sign" || method === "decrypt");
  if (key.name.startsWith("EC") || key.name.startsWith("Ed"))
    return curveUs(key.curve) * (method === "verify" ? 1.4 : 1);
  return 0;
}

function rsaUs({ bits, exponentBytes }: KeyFacts, isPrivate: boolean): number {
  const size = bits / 2_048;
  if (isPrivate) return RSA_2048_PRIVATE_US * size ** 3;
  // A huge public exponent costs more than a private key, which knows its primes.
  if (exponentBytes > SMALL_EXPONENT_BYTES) return HUGE_EXPONENT * RSA_2048_PRIVATE_US * size ** 3;
  return RSA_2048_PUBLIC_US * size ** 2;
}

function generateUs(algorithm: CryptoRequest["parts"]["algorithm"]): number {
  const name = algorithm?.name ?? "";
  if (name.startsWith("RSA"))
    return RSA_2048_GENERATE_US * (Number(algorithm?.["modulusLength"] ?? 0) / 2_048) ** 3.5;
  if (name.startsWith("AES") || name === "HMAC")
    return Number(algorithm?.["length"] ?? 0) / 8 / RANDOM_BYTES_PER_US;
  return curveUs(String(algorithm?.["namedCurve"] ?? name));
}

function importUs(format: string | undefined, algorithm: CryptoRequest["parts"]["algorithm"]): number {
  const name = algorithm?.name ?? "";
  if (name.startsWith("RSA")) return 100;
  if (name.startsWith("AES") || name === "HMAC" || name === "HKDF" || name === "PBKDF2") return 0;
  // Importing a private key computes the public one, and checks it.
  const times = format === "jwk" ? 2 : format === "pkcs8" ? 1 : 0.5;
  return curveUs(String(algorithm?.["namedCurve"] ?? name)) * times;
}

function deriveUs(
  algorithm: CryptoRequest["parts"]["algorithm"],
  bits: number,
  key: KeyFacts | undefined,
): number {
  const hash = String(algorithm?.["hash"] ?? "");
  const blocks = Math.ceil(bits / 8 / (priceOf(HASH_BYTES, hash) ?? 20));
  const salt = algorithm?.["salt"];
  const saltUs =
    (salt instanceof Uint8Array ? salt.length : 0) / (priceOf(BYTES_PER_US, hash) ?? SLOWEST_BYTES_PER_US);
  // Each block of PBKDF2 begins with the whole salt.
  if (algorithm?.name === "PBKDF2")
    return blocks * (Number(algorithm["iterations"] ?? 0) * (priceOf(PBKDF2_US, hash) ?? 0.7) + saltUs);
  if (algorithm?.name === "HKDF") return 20 + blocks + saltUs;
  return curveUs(key?.curve ?? "");
}

/** Bits that a derived key takes. */
function derivedBits(algorithm: CryptoRequest["parts"]["algorithm"]): number {
  const length = algorithm?.["length"];
  return typeof length === "number" ? length : 1_024;
}

function curveUs(curve: string): number {
  return priceOf(CURVE_US, curve) ?? UNKNOWN_CURVE_US;
}

/** What a table says of a name that an isolate gave: nothing of names that every object has. */
function priceOf(table: Readonly<Record<string, number>>, name: string | undefined): number | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
