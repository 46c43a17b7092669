import { bytesCopy, bytesOf } from "../../primordials/bytes.ts";
import { TypeErrorOf } from "../../primordials/errors.ts";
import { isObject } from "../../webidl/arguments.ts";
import { toUnsignedLong } from "../../webidl/convert.ts";
import { keysPart } from "../crypto-parts.ts";
import { type CryptoKey, requireKey } from "../crypto-key.ts";
import {
  callHost,
  type CryptoKeyPair,
  readBoolean,
  readBuffer,
  readExported,
  readKeys,
} from "./call-host.ts";
import type { Operation } from "./algorithms.ts";
import { toBytes, toFormat, toUsages } from "./convert.ts";
import { digestPieces } from "./digest-pieces.ts";
import { jsonWebKeyText } from "./json-web-key.ts";
import { normalize, type NormalizedAlgorithm, toIdentifier } from "./normalize.ts";

/*
 * Each method does, in the order of the specification, what may throw before the work begins: first Web IDL's
 * conversion of all arguments, then the normalization of algorithms, then the copies of bytes. What keys and usages
 * allow is checked by the host, which holds the keys. https://w3c.github.io/webcrypto/#SubtleCrypto-method-encrypt
 */

type Args = ArrayLike<unknown>;

/** `encrypt`, `decrypt` and `sign` differ only in what the host does. */
export function cipher(method: "encrypt" | "decrypt" | "sign", args: Args): Promise<ArrayBuffer> {
  const identifier = toIdentifier(args[0]);
  const key = requireKey(args[1], "The key");
  const data = toBytes(args[2], "The data");
  const algorithm = normalize(identifier, method);
  return callHost(method, [algorithm, key, bytesCopy(data)], readBuffer);
}

export function verify(args: Args): Promise<boolean> {
  const identifier = toIdentifier(args[0]);
  const key = requireKey(args[1], "The key");
  const signature = toBytes(args[2], "The signature");
  const data = toBytes(args[3], "The data");
  const algorithm = normalize(identifier, "verify");
  const values = [algorithm, key, bytesCopy(signature), bytesCopy(data)];
  return callHost("verify", values, readBoolean);
}

export function generateKey(args: Args): Promise<CryptoKey | CryptoKeyPair> {
  const identifier = toIdentifier(args[0]);
  const usages = toUsages(args[2]);
  const algorithm = normalize(identifier, "generateKey");
  return callHost("generateKey", [algorithm, !!args[1], usages], readKeys);
}

export function deriveKey(args: Args): Promise<CryptoKey | CryptoKeyPair> {
  const identifier = toIdentifier(args[0]);
  const key = requireKey(args[1], "The base key");
  const derived = toIdentifier(args[2]);
  const usages = toUsages(args[4]);
  const algorithm = normalize(identifier, "deriveBits");
  normalize(derived, "importKey");
  const keyAlgorithm = normalize(derived, "get key length");
  const values = [algorithm, key, keyAlgorithm, !!args[3], usages];
  return callHost("deriveKey", values, readKeys);
}

export function deriveBits(args: Args): Promise<ArrayBuffer> {
  const identifier = toIdentifier(args[0]);
  const key = requireKey(args[1], "The base key");
  const length = args[2] === undefined || args[2] === null ? null : toUnsignedLong(args[2]);
  const algorithm = normalize(identifier, "deriveBits");
  return callHost("deriveBits", [algorithm, key, length], readBuffer);
}

export function importKey(args: Args): Promise<CryptoKey | CryptoKeyPair> {
  const format = toFormat(args[0]);
  const keyData = args[1];
  const bytes = bytesOf(keyData);
  if (bytes === undefined && keyData !== undefined && keyData !== null && !isObject(keyData))
    throw new TypeErrorOf("The key data are neither bytes nor a JSON Web Key.");
  const json = bytes === undefined ? jsonWebKeyText(keyData) : "";
  const identifier = toIdentifier(args[2]);
  const usages = toUsages(args[4]);
  const algorithm = normalize(identifier, "importKey");
  if ((format === "jwk") !== (bytes === undefined))
    throw new TypeErrorOf(`The key data have to be ${format === "jwk" ? "a JSON Web Key" : "bytes"}.`);
  const values = [format, bytes === undefined ? json : bytesCopy(bytes), algorithm, !!args[3], usages];
  return callHost("importKey", values, readKeys);
}

export function exportKey(args: Args): Promise<ArrayBuffer | object> {
  const format = toFormat(args[0]);
  const key = requireKey(args[1], "The key");
  return callHost("exportKey", [format, key], readExported);
}

export function wrapKey(args: Args): Promise<ArrayBuffer> {
  const format = toFormat(args[0]);
  const key = requireKey(args[1], "The key");
  const wrappingKey = requireKey(args[2], "The wrapping key");
  const algorithm = normalizeEither(toIdentifier(args[3]), "wrapKey", "encrypt");
  return callHost("wrapKey", [format, key, wrappingKey, algorithm], readBuffer);
}

export function unwrapKey(args: Args): Promise<CryptoKey | CryptoKeyPair> {
  const format = toFormat(args[0]);
  const wrapped = toBytes(args[1], "The wrapped key");
  const key = requireKey(args[2], "The unwrapping key");
  const identifier = toIdentifier(args[3]);
  const keyIdentifier = toIdentifier(args[4]);
  const usages = toUsages(args[6]);
  const algorithm = normalizeEither(identifier, "unwrapKey", "decrypt");
  const keyAlgorithm = normalize(keyIdentifier, "importKey");
  const values = [format, bytesCopy(wrapped), key, algorithm, keyAlgorithm, !!args[5], usages];
  return callHost("unwrapKey", values, readKeys);
}

/** Ciphers wrap keys too, where an algorithm has no wrapping of its own. */
function normalizeEither(
  identifier: object | string,
  first: Operation,
  second: Operation,
): NormalizedAlgorithm {
  try {
    return normalize(identifier, first);
  } catch {
    return normalize(identifier, second);
  }
}

keysPart.provide({
  cipher,
  verify,
  generateKey,
  deriveKey,
  deriveBits,
  importKey,
  exportKey,
  wrapKey,
  unwrapKey,
  digestPieces,
});
