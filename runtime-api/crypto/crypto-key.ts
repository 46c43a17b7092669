import { dataCloneError } from "../clone/errors.ts";
import { registerCloneable } from "../clone/kinds.ts";
import { CRYPTO_FREE, FREED_AT_ONCE } from "../contract/crypto.ts";
import { registerDescriber } from "../console/kinds.ts";
import { RUNTIME_SLOT } from "../contract/boot.ts";
import type { Flat } from "../contract/flat.ts";
import { shapeInterface } from "../globals/define.ts";
import { io } from "../io/io.ts";
import { arrayPush, arraySplice } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { FinalizationRegistryOf, registryRegister } from "../primordials/finalization.ts";
import { dataDescriptor, objectDefineProperty, objectSetPrototypeOf } from "../primordials/object.ts";
import { promiseThen } from "../primordials/promise.ts";
import { stringSplit } from "../primordials/string.ts";

/** Something that the host keeps for this isolate, until nothing here points to it any more. */
export interface HostObject {
  readonly number: number;
}

/**
 * Numbers whose objects are gone, and that the host need not keep. Without a prototype: what V8 calls when an object
 * is gone runs outside of any slice, and appending must not meet a setter of the worker.
 */
const lost = objectSetPrototypeOf([], null) as number[];
/** Telling costs a call, so it is done for some at once. */
const FREED_FROM = 32;
const registry = new FinalizationRegistryOf<number>((number) => {
  arrayPush(lost, number);
});

/** Stands for what the host keeps under a number. */
export function hostObject(number: number): HostObject {
  const object = { number };
  registryRegister(registry, object, number);
  return object;
}

/** Tells the host what it need not keep any more. To be called within an event. */
export function freeLost(): void {
  if (lost.length < FREED_FROM) return;
  const numbers = arraySplice(lost, 0, FREED_AT_ONCE);
  const { promise } = io.call(RUNTIME_SLOT, CRYPTO_FREE, numbers);
  void promiseThen(promise, undefined, () => {
    // Too many calls are under way: another time.
    for (let i = 0; i < numbers.length; i++) arrayPush(lost, numbers[i] as number);
  });
}

let constructing: readonly Flat[] | CryptoKey | undefined;
/** What the console shows of a key. */
let describe: (key: CryptoKey) => object;
let hostObjectOfKey: (value: object) => HostObject | undefined;

/**
 * A key. It is kept in the host, where all work with it is done: here are its number and what may be known of it.
 * @see https://w3c.github.io/webcrypto/#cryptokey-interface
 */
export class CryptoKey {
  readonly #host: HostObject;
  readonly #type: string;
  readonly #extractable: boolean;
  readonly #members: readonly Flat[];
  readonly #usagesText: string;
  #algorithm: object | undefined;
  #usages: readonly string[] | undefined;

  constructor() {
    const from = constructing;
    if (from === undefined) throw new TypeErrorOf("Illegal constructor");
    if (typeof from === "object" && #host in from) {
      this.#host = from.#host;
      this.#type = from.#type;
      this.#extractable = from.#extractable;
      this.#usagesText = from.#usagesText;
      this.#members = from.#members;
      return;
    }
    const values = from as readonly Flat[];
    this.#host = hostObject(values[0] as number);
    this.#type = values[1] as string;
    this.#extractable = values[2] as boolean;
    this.#usagesText = values[3] as string;
    this.#members = values;
  }

  get type(): string {
    return this.#type;
  }

  get extractable(): boolean {
    return this.#extractable;
  }

  get algorithm(): object {
    return (this.#algorithm ??= algorithmOf(this.#members));
  }

  get usages(): readonly string[] {
    return (this.#usages ??= usagesOf(this.#usagesText));
  }

  static {
    describe = (key) => ({
      type: key.#type,
      extractable: key.#extractable,
      algorithm: algorithmOf(key.#members),
      usages: usagesOf(key.#usagesText),
    });
    hostObjectOfKey = (value) => (#host in value ? value.#host : undefined);
  }
}

/** A key from a reply of the host: `number, type, extractable, usages`, then its algorithm. */
export function makeKey(values: readonly Flat[]): CryptoKey {
  return construct(values);
}

/** @throws TypeError for what is no key */
export function requireKey(value: unknown, what: string): CryptoKey {
  if (typeof value !== "object" || value === null || hostObjectOfKey(value) === undefined)
    throw new TypeErrorOf(`${what} is not a CryptoKey.`);
  return value as CryptoKey;
}

/** What the host keeps for a key; undefined if the object is none. */
export function hostObjectOf(value: object): HostObject | undefined {
  return hostObjectOfKey(value);
}

function construct(from: readonly Flat[] | CryptoKey): CryptoKey {
  constructing = from;
  try {
    return new CryptoKey();
  } finally {
    constructing = undefined;
  }
}

function usagesOf(text: string): string[] {
  return text === "" ? [] : stringSplit(text, ",");
}

/** `KeyAlgorithm` and the dictionaries that extend it, from the members of a reply. */
function algorithmOf(values: readonly Flat[]): object {
  const algorithm = {};
  for (let at = 5; at < values.length; at += 2) {
    const member = values[at] as string;
    let value: unknown = values[at + 1];
    if (member === "hash") {
      value = objectDefineProperty({}, "name", dataDescriptor(value, true));
    }
    objectDefineProperty(algorithm, member, dataDescriptor(value, true));
  }
  return algorithm;
}

registerCloneable(CryptoKey.prototype, (value) => {
  if (hostObjectOfKey(value) === undefined) throw dataCloneError("#<Object> could not be cloned.");
  return construct(value as CryptoKey);
});

registerDescriber(CryptoKey.prototype, (value) => describe(value as CryptoKey));
// Keys may be seen before anybody asks for the global.
shapeInterface(CryptoKey, "CryptoKey");
