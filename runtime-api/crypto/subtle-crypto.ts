import { RUNTIME_SLOT } from "../contract/boot.ts";
import { Op } from "../contract/calls.ts";
import { CRYPTO_BYTES } from "../contract/crypto.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { shapeInterface } from "../globals/define.ts";
import { io } from "../io/io.ts";
import { bytesCopy, bytesOf, typedBuffer, typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { promiseReject, promiseThen } from "../primordials/promise.ts";
import { stringCharCodeAt, stringSlice, stringToUpperCase } from "../primordials/string.ts";
import type { CryptoKey } from "./crypto-key.ts";
import { isObject, requireArguments } from "../webidl/arguments.ts";
import { toText } from "../webidl/convert.ts";
import { keysPart, subtlePart } from "./crypto-parts.ts";
import type { CryptoKeyPair } from "./subtle/call-host.ts";

let constructing = false;
let brand: (self: SubtleCrypto) => void;

/** Digests that the cell computes; MD5 is there because Workers allow it. */
const DIGESTS = {
  __proto__: null,
  "SHA-1": true,
  "SHA-256": true,
  "SHA-384": true,
  "SHA-512": true,
  MD5: true,
} as unknown as Record<string, boolean | undefined>;

/** Runs a method as Web IDL does one that returns a promise: whatever it throws becomes a rejection. */
function run<T>(
  self: SubtleCrypto,
  name: string,
  args: ArrayLike<unknown>,
  least: number,
  method: () => Promise<T>,
): Promise<T> {
  try {
    brand(self);
    requireArguments(`'${name}' on 'SubtleCrypto'`, args.length, least);
    return method();
  } catch (error) {
    return promiseReject(error);
  }
}

/**
 * Web Crypto. Digests are computed by the cell; everything else by the host, which holds the keys.
 * What only keys need is evaluated when it is first used.
 * @see https://w3c.github.io/webcrypto/#subtlecrypto-interface
 */
export class SubtleCrypto {
  #brand = true;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
  }

  encrypt(_algorithm: unknown, _key: unknown, _data: unknown): Promise<ArrayBuffer> {
    const args = arguments;
    return run(this, "encrypt", args, 3, () => keysPart.get().cipher("encrypt", args));
  }

  decrypt(_algorithm: unknown, _key: unknown, _data: unknown): Promise<ArrayBuffer> {
    const args = arguments;
    return run(this, "decrypt", args, 3, () => keysPart.get().cipher("decrypt", args));
  }

  sign(_algorithm: unknown, _key: unknown, _data: unknown): Promise<ArrayBuffer> {
    const args = arguments;
    return run(this, "sign", args, 3, () => keysPart.get().cipher("sign", args));
  }

  verify(_algorithm: unknown, _key: unknown, _signature: unknown, _data: unknown): Promise<boolean> {
    const args = arguments;
    return run(this, "verify", args, 4, () => keysPart.get().verify(args));
  }

  digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
    const args = arguments;
    return run(this, "digest", args, 2, () => {
      const identifier = isObject(algorithm) ? algorithm : toText(algorithm);
      const bytes = bytesOf(data);
      if (bytes === undefined) {
        throw new TypeErrorOf(
          "Failed to execute 'digest' on 'SubtleCrypto': parameter 2 is not an ArrayBuffer or a view on one.",
        );
      }
      const name = digestName(identifier);
      if (typedLength(bytes) > CRYPTO_BYTES) return keysPart.get().digestPieces(name, bytes);
      const { promise } = io.call(RUNTIME_SLOT, Op.digest, [name, bytesCopy(bytes)]);
      return promiseThen(promise, (values) => typedBuffer(values[0] as Uint8Array) as ArrayBuffer);
    });
  }

  generateKey(
    _algorithm: unknown,
    _extractable: unknown,
    _keyUsages: unknown,
  ): Promise<CryptoKey | CryptoKeyPair> {
    const args = arguments;
    return run(this, "generateKey", args, 3, () => keysPart.get().generateKey(args));
  }

  deriveKey(
    _algorithm: unknown,
    _baseKey: unknown,
    _derivedKeyType: unknown,
    _extractable: unknown,
    _keyUsages: unknown,
  ): Promise<CryptoKey | CryptoKeyPair> {
    const args = arguments;
    return run(this, "deriveKey", args, 5, () => keysPart.get().deriveKey(args));
  }

  deriveBits(_algorithm: unknown, _baseKey: unknown, _length: unknown = null): Promise<ArrayBuffer> {
    const args = arguments;
    return run(this, "deriveBits", args, 2, () => keysPart.get().deriveBits(args));
  }

  importKey(
    _format: unknown,
    _keyData: unknown,
    _algorithm: unknown,
    _extractable: unknown,
    _keyUsages: unknown,
  ): Promise<CryptoKey | CryptoKeyPair> {
    const args = arguments;
    return run(this, "importKey", args, 5, () => keysPart.get().importKey(args));
  }

  exportKey(_format: unknown, _key: unknown): Promise<ArrayBuffer | object> {
    const args = arguments;
    return run(this, "exportKey", args, 2, () => keysPart.get().exportKey(args));
  }

  wrapKey(_format: unknown, _key: unknown, _wrappingKey: unknown, _algorithm: unknown): Promise<ArrayBuffer> {
    const args = arguments;
    return run(this, "wrapKey", args, 4, () => keysPart.get().wrapKey(args));
  }

  unwrapKey(
    _format: unknown,
    _wrappedKey: unknown,
    _unwrappingKey: unknown,
    _unwrapAlgorithm: unknown,
    _unwrappedKeyAlgorithm: unknown,
    _extractable: unknown,
    _keyUsages: unknown,
  ): Promise<CryptoKey | CryptoKeyPair> {
    const args = arguments;
    return run(this, "unwrapKey", args, 7, () => keysPart.get().unwrapKey(args));
  }

  /** Cloudflare's addition: compares in a time that does not depend on the contents. */
  timingSafeEqual(a: ArrayBuffer | ArrayBufferView, b: ArrayBuffer | ArrayBufferView): boolean {
    void this.#brand;
    const left = bytesOf(a);
    const right = bytesOf(b);
    if (left === undefined || right === undefined) {
      throw new TypeErrorOf(
        "Failed to execute 'timingSafeEqual' on 'SubtleCrypto': both parameters must be ArrayBuffers or views.",
      );
    }
    const length = typedLength(left);
    if (length !== typedLength(right)) throw new TypeErrorOf("Input buffers must have the same byte length.");
    let different = 0;
    for (let i = 0; i < length; i++) different |= (left[i] as number) ^ (right[i] as number);
    return different === 0;
  }

  static {
    brand = (self) => void self.#brand;
  }
}

/**
 * The digest that an algorithm means.
 * @throws TypeError without a name; NotSupportedError for any other name
 */
export function digestName(identifier: object | string): string {
  let given: unknown = identifier;
  if (typeof identifier !== "string") {
    given = (identifier as { name?: unknown }).name;
    if (given === undefined) throw new TypeErrorOf('The algorithm has no "name".');
  }
  const text = toText(given);
  let isAscii = true;
  for (let i = 0; i < text.length; i++) if (stringCharCodeAt(text, i) > 127) isAscii = false;
  const name = stringToUpperCase(text);
  if (isAscii && DIGESTS[name] === true) return name;
  throw new DOMException(
    `Unrecognized or unimplemented digest algorithm requested: "${stringSlice(text, 0, 100)}".`,
    "NotSupportedError",
  );
}

constructing = true;
/** The only instance. */
export const subtle: SubtleCrypto = new SubtleCrypto();
constructing = false;

// It may be seen before anybody asks for the global.
shapeInterface(SubtleCrypto, "SubtleCrypto");
subtlePart.provide({ subtle, SubtleCrypto });
