import { RUNTIME_SLOT } from "../../contract/boot.ts";
import { CRYPTO_BYTES, CRYPTO_OP, type CryptoMethod } from "../../contract/crypto.ts";
import type { Flat } from "../../contract/flat.ts";
import { DOMException } from "../../dom-exception/dom-exception.ts";
import { io } from "../../io/io.ts";
import { arrayPush, arraySlice } from "../../primordials/array.ts";
import { isView, typedBuffer, typedByteLength } from "../../primordials/bytes.ts";
import { promiseReject, promiseThen } from "../../primordials/promise.ts";
import { jsonParse } from "../../primordials/values.ts";
import { type CryptoKey, freeLost, type HostObject, hostObjectOf, makeKey } from "../crypto-key.ts";
import type { NormalizedAlgorithm } from "./normalize.ts";

/** Two halves of a key. */
export interface CryptoKeyPair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/** One argument of an operation. */
export type HostArgument = Flat | NormalizedAlgorithm | CryptoKey;

/**
 * Has the host do an operation.
 *
 * @param args in the order of `contract/crypto.ts`
 * @param read makes the result of the reply's values
 * @throws OperationError (as a rejection) for more bytes than one operation takes
 */
export function callHost<T>(
  method: CryptoMethod,
  args: readonly HostArgument[],
  read: (values: readonly Flat[]) => T,
): Promise<T> {
  const flat: Flat[] = [];
  const uses: HostObject[] = [];
  let bytes = 0;
  const add = (value: Flat): void => {
    if (typeof value === "object" && value !== null) bytes += typedByteLength(value);
    arrayPush(flat, value);
  };
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as HostArgument;
    if (typeof argument !== "object" || argument === null || isView(argument)) {
      add(argument as Flat);
      continue;
    }
    const key = hostObjectOf(argument);
    if (key !== undefined) {
      arrayPush(uses, key);
      add(key.number);
      continue;
    }
    const { values, peer } = argument as NormalizedAlgorithm;
    for (let j = 0; j < values.length; j++) add(values[j] as Flat);
    if (peer !== undefined) arrayPush(uses, peer);
  }
  if (bytes > CRYPTO_BYTES) {
    const message = `One operation takes at most ${CRYPTO_BYTES} bytes.`;
    return promiseReject(new DOMException(message, "OperationError"));
  }
  const { promise } = io.call(RUNTIME_SLOT, CRYPTO_OP + method, flat);
  freeLost();
  return promiseThen(promise, (values) => {
    // Whoever waits for the reply holds the keys, so that the host does not forget what it works with.
    void uses;
    return read(values);
  });
}

/** Reads a reply of bytes. */
export function readBuffer(values: readonly Flat[]): ArrayBuffer {
  return typedBuffer(values[0] as Uint8Array) as ArrayBuffer;
}

export function readBoolean(values: readonly Flat[]): boolean {
  return values[0] === true;
}

/** Reads a reply of bytes, or of the JSON text of a key. */
export function readExported(values: readonly Flat[]): ArrayBuffer | object {
  const value = values[0];
  return typeof value === "string" ? (jsonParse(value) as object) : readBuffer(values);
}

/** Reads a reply of one key or two. */
export function readKeys(values: readonly Flat[]): CryptoKey | CryptoKeyPair {
  const end = 5 + 2 * (values[4] as number);
  const key = makeKey(arraySlice(values, 0, end));
  if (values.length === end) return key;
  return { publicKey: key, privateKey: makeKey(arraySlice(values, end)) };
}
