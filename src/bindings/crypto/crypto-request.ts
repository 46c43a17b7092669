import {
  CRYPTO_BYTES,
  CRYPTO_PARAMETERS,
  type CryptoMethod,
  KEY_DATA_BYTES,
  KEY_FORMATS,
  KEY_USAGES,
  type KeyFormat,
  MEMBERS,
} from "../../../runtime-api/contract/crypto.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { CallError } from "../binding.ts";

/** A normalized algorithm; `public` is the number of a key. */
export interface Algorithm {
  readonly name: string;
  readonly [member: string]: string | number | Uint8Array;
}

/** The arguments of a call by parameter, checked for their form. */
export interface CryptoParts {
  readonly algorithm?: Algorithm;
  readonly keyAlgorithm?: Algorithm;
  readonly key?: number;
  readonly otherKey?: number;
  readonly data?: Uint8Array;
  readonly signature?: Uint8Array;
  readonly keyData?: Uint8Array | string;
  readonly format?: KeyFormat;
  readonly usages?: readonly string[];
  readonly extractable?: boolean;
  readonly last?: boolean;
  readonly length?: number | null;
  readonly hash?: number;
}

/** A call for one of Web Crypto's operations. */
export interface CryptoRequest {
  readonly method: CryptoMethod;
  readonly parts: CryptoParts;
  /** Bytes of all arguments together. */
  readonly bytes: number;
}

/**
 * Names as the runtime writes them. Web Crypto takes them in any case, but bounds and prices know these only.
 */
const NAMES: ReadonlySet<string> = new Set([
  ...["AES-CBC", "AES-CTR", "AES-GCM", "AES-KW", "HMAC", "HKDF", "PBKDF2"],
  ...["RSASSA-PKCS1-v1_5", "RSA-PSS", "RSA-OAEP", "ECDSA", "ECDH", "Ed25519", "Ed448", "X25519", "X448"],
  ...["SHA-1", "SHA-256", "SHA-384", "SHA-512", "MD5"],
]);

/** Longest JSON text of a key, and longest text of anything else, in UTF-16 units. */
const MAX_JSON = 64 * 1024;
const MAX_TEXT = 64;
const MAX_MEMBERS = 8;

/**
 * Reads the arguments of a call. Nobody but a forger sends what is refused as malformed; what is too large gets the
 * error that an honest worker can use.
 *
 * @throws CallError for an unknown operation, malformed arguments, or more bytes than one operation may take
 */
export function readCryptoRequest(method: string, args: readonly Flat[]): CryptoRequest {
  if (!Object.hasOwn(CRYPTO_PARAMETERS, method)) malformed();
  const reader = new Arguments(args);
  const parts: Record<string, unknown> = {};
  for (const parameter of CRYPTO_PARAMETERS[method as CryptoMethod]) {
    if (parameter === "algorithm" || parameter === "keyAlgorithm") parts[parameter] = reader.algorithm();
    else if (parameter === "key" || parameter === "otherKey" || parameter === "hash")
      parts[parameter] = reader.whole();
    else if (parameter === "data" || parameter === "signature") parts[parameter] = reader.bytes();
    else if (parameter === "keyData") parts[parameter] = reader.keyData(parts["format"] === "jwk");
    else if (parameter === "format") parts[parameter] = reader.oneOf(KEY_FORMATS);
    else if (parameter === "usages") parts[parameter] = reader.usages();
    else if (parameter === "length") parts[parameter] = reader.wholeOrNull();
    else parts[parameter] = reader.flag();
  }
  reader.end();
  if (method === "unwrapKey" && (parts["data"] as Uint8Array).length > KEY_DATA_BYTES)
    throw new CallError("OperationError", `A key may have at most ${KEY_DATA_BYTES} bytes.`);
  return { method: method as CryptoMethod, parts: parts as CryptoParts, bytes: reader.size };
}

class Arguments {
  readonly #args: readonly Flat[];
  #at = 0;
  size = 0;

  constructor(args: readonly Flat[]) {
    this.#args = args;
  }

  end(): void {
    if (this.#at !== this.#args.length) malformed();
  }

  bytes(): Uint8Array {
    const value = this.#next();
    if (!(value instanceof Uint8Array)) malformed();
    this.size += value.length;
    if (this.size > CRYPTO_BYTES)
      throw new CallError("OperationError", `One operation takes at most ${CRYPTO_BYTES} bytes.`);
    return value;
  }

  whole(): number {
    const value = this.#next();
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) malformed();
    return value;
  }

  wholeOrNull(): number | null {
    if (this.#args[this.#at] !== null) return this.whole();
    this.#at++;
    return null;
  }

  flag(): boolean {
    const value = this.#next();
    if (typeof value !== "boolean") malformed();
    return value;
  }

  oneOf(words: readonly string[]): string {
    const value = this.text(MAX_TEXT);
    if (!words.includes(value)) malformed();
    return value;
  }

  usages(): string[] {
    const text = this.text(2 * MAX_TEXT);
    const usages = text === "" ? [] : text.split(",");
    for (const usage of usages) if (!(KEY_USAGES as readonly string[]).includes(usage)) malformed();
    return usages;
  }

  keyData(isJson: boolean): Uint8Array | string {
    if (isJson) {
      const value = this.#next();
      if (typeof value !== "string") malformed();
      this.size += value.length;
      if (value.length > MAX_JSON) throw new CallError("DataError", "The JSON Web Key is too large.");
      return value;
    }
    const bytes = this.bytes();
    if (bytes.length > KEY_DATA_BYTES)
      throw new CallError("DataError", `A key may have at most ${KEY_DATA_BYTES} bytes.`);
    return bytes;
  }

  algorithm(): Algorithm {
    const count = this.whole();
    if (count < 1 || count > MAX_MEMBERS) malformed();
    const algorithm: Record<string, string | number | Uint8Array> = {};
    for (let i = 0; i < count; i++) {
      const member = this.#next();
      if (typeof member !== "string" || !Object.hasOwn(MEMBERS, member)) malformed();
      const kind = MEMBERS[member as keyof typeof MEMBERS];
      if (kind === "text") algorithm[member] = this.text(MAX_TEXT);
      else algorithm[member] = kind === "bytes" ? this.bytes() : this.whole();
    }
    if (!NAMES.has(String(algorithm["name"])) || !NAMES.has(String(algorithm["hash"] ?? "SHA-1")))
      malformed();
    return algorithm as Algorithm;
  }

  text(max: number): string {
    const value = this.#next();
    if (typeof value !== "string" || value.length > max) malformed();
    return value;
  }

  #next(): Flat {
    if (this.#at >= this.#args.length) malformed();
    return this.#args[this.#at++] as Flat;
  }
}

function malformed(): never {
  throw new CallError("Error", "malformed operation");
}
