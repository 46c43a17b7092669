import { arrayIsArray } from "../primordials/array.ts";
import { isView } from "../primordials/bytes.ts";
import { mapGet, MapOf, mapSet } from "../primordials/collections.ts";
import { isError } from "../primordials/errors.ts";
import { objectGetPrototypeOf } from "../primordials/object.ts";

/** How the clone algorithm treats an object. */
export const Kind = {
  plain: 0,
  array: 1,
  view: 2,
  buffer: 3,
  map: 4,
  set: 5,
  date: 6,
  regexp: 7,
  error: 8,
  boolean: 9,
  number: 10,
  string: 11,
  bigint: 12,
  refused: 13,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Copies a platform object; `clone` copies what it holds. */
export type Cloner = (value: object, clone: (inner: unknown) => unknown) => unknown;

const kinds = new MapOf<object | null, Kind | Cloner>();
const objectPrototype: object = Object.prototype;

function known(kind: Kind, prototypes: readonly (object | undefined)[]): void {
  for (let i = 0; i < prototypes.length; i++)
    if (prototypes[i] !== undefined) mapSet(kinds, prototypes[i] as object, kind);
}
const generator = objectGetPrototypeOf(function* () {}) as { prototype: object };
const asyncGenerator = objectGetPrototypeOf(async function* () {}) as { prototype: object };
known(Kind.buffer, [ArrayBuffer.prototype]);
known(Kind.map, [Map.prototype]);
known(Kind.set, [Set.prototype]);
known(Kind.date, [Date.prototype]);
known(Kind.regexp, [RegExp.prototype]);
known(Kind.boolean, [Boolean.prototype]);
known(Kind.number, [Number.prototype]);
known(Kind.string, [String.prototype]);
known(Kind.bigint, [BigInt.prototype]);
known(Kind.refused, [
  Promise.prototype,
  WeakMap.prototype,
  WeakSet.prototype,
  WeakRef.prototype,
  FinalizationRegistry.prototype,
  Symbol.prototype,
  generator.prototype,
  asyncGenerator.prototype,
  globalThis.Iterator?.prototype,
  globalThis.SharedArrayBuffer?.prototype,
]);

/** Lets structuredClone copy a platform object. */
export function registerCloneable(prototype: object, cloner: Cloner): void {
  mapSet(kinds, prototype, cloner);
}

/** Makes structuredClone refuse objects of this prototype, unless they were registered as cloneable. */
export function refuseClone(prototype: object): void {
  if (mapGet(kinds, prototype) === undefined) mapSet(kinds, prototype, Kind.refused);
}

/**
 * What an object is, found by its prototypes: an object of a tenant's class counts as what the class
 * extends. The caller checks brands; one that fails makes it a plain object.
 */
export function kindOf(value: object): Kind | Cloner {
  if (arrayIsArray(value)) return Kind.array;
  if (isView(value)) return Kind.view;
  let prototype = objectGetPrototypeOf(value) as object | null;
  if (prototype === objectPrototype || prototype === null) return Kind.plain;
  while (prototype !== null && prototype !== objectPrototype) {
    const kind = mapGet(kinds, prototype);
    if (kind !== undefined) return kind;
    prototype = objectGetPrototypeOf(prototype) as object | null;
  }
  return isError(value) ? Kind.error : Kind.plain;
}
