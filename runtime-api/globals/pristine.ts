import { arrayPush } from "../primordials/array.ts";
import { setAdd, setHas, SetOf } from "../primordials/collections.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  objectIsExtensible,
  objectSetPrototypeOf,
  reflectOwnKeys,
} from "../primordials/object.ts";

/** What libraries take hold of, or call, when they are evaluated, by the object that has it. */
const KEYS: readonly (readonly [holder: object, keys: readonly PropertyKey[]])[] = [
  [globalThis, ["Promise", "Symbol", "Object"]],
  [Promise, ["resolve", "reject"]],
  [Promise.prototype, ["then"]],
  [Function.prototype, ["apply", "bind", "call"]],
  [Object, ["create", "defineProperties", "defineProperty", "getOwnPropertyDescriptor"]],
  [Object, ["getPrototypeOf", "setPrototypeOf"]],
  // What bundlers and tables iterate with.
  [Array.prototype, [Symbol.iterator, "push"]],
  [Object.getPrototypeOf([].values()) as object, ["next"]],
];

interface Kept {
  readonly holder: object;
  readonly key: PropertyKey;
  readonly value: unknown;
}

/** Something that is not V8's while the worker's code runs. */
interface Replaced {
  readonly holder: object;
  readonly key: PropertyKey;
  readonly descriptor: PropertyDescriptor | undefined;
}

let kept: readonly Kept[] = [];
/** Everything inherits from it, and what a worker adds to it shows up in every loop over names. */
const root: object = Object.prototype;
const rootKeys = new SetOf<PropertyKey>();

/** Remembers some of V8's own functions as they are now: once per realm, before tenant code. */
export function keepPristine(): void {
  const all: Kept[] = [];
  for (const [holder, keys] of KEYS) {
    for (const key of keys) {
      all.push({ holder, key, value: (holder as Record<PropertyKey, unknown>)[key] });
    }
  }
  kept = all;
  for (const key of reflectOwnKeys(root)) setAdd(rootKeys, key);
}

/**
 * Evaluates a part of the runtime late, as it would have been evaluated at boot: what it takes hold of is
 * V8's own though the worker has replaced it meanwhile. Afterwards the worker's is back in place. What the
 * worker has frozen stays, to its own harm.
 */
export function withPristine<T>(evaluate: () => T): T {
  const replaced: Replaced[] = [];
  try {
    hideAdditions(replaced);
    for (let i = 0; i < kept.length; i++) putBack(kept[i] as Kept, replaced);
    return evaluate();
  } finally {
    for (let i = 0; i < replaced.length; i++) {
      const { holder, key, descriptor } = replaced[i] as Replaced;
      if (descriptor === undefined) delete (holder as Record<PropertyKey, unknown>)[key];
      else objectDefineProperty(holder, key, descriptor);
    }
  }
}

/** Puts one of V8's own in the place of what the worker has there. */
function putBack({ holder, key, value }: Kept, replaced: Replaced[]): void {
  const descriptor = describe(holder, key);
  if (descriptor !== undefined && descriptor.value === value) return;
  // Noted first: where the worker is at the end of its stack, it breaks off anywhere.
  arrayPush(replaced, { holder, key, descriptor });
  try {
    objectDefineProperty(holder, key, dataDescriptor(value, false));
  } catch {
    // It cannot be changed back.
  }
}

/** Takes away what the worker has added to `Object.prototype`. */
function hideAdditions(replaced: Replaced[]): void {
  const keys = reflectOwnKeys(root);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    if (setHas(rootKeys, key)) continue;
    const descriptor = describe(root, key);
    // What could not be put back stays.
    if (descriptor?.configurable !== true || !objectIsExtensible(root)) continue;
    arrayPush(replaced, { holder: root, key, descriptor });
    delete (root as Record<PropertyKey, unknown>)[key];
  }
}

/** The property's descriptor, without a prototype: a patched `Object.prototype.get` means nothing. */
function describe(holder: object, key: PropertyKey): PropertyDescriptor | undefined {
  const descriptor = objectGetOwnPropertyDescriptor(holder, key);
  return descriptor === undefined ? undefined : objectSetPrototypeOf(descriptor, null);
}
