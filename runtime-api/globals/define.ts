import { refuseClone } from "../clone/kinds.ts";
import { dataDescriptor, objectDefineProperty, reflectOwnKeys } from "../primordials/object.ts";
import { symbolToStringTag } from "../primordials/values.ts";

const ENUMERABLE = { __proto__: null, enumerable: true } as PropertyDescriptor;

function makeEnumerable(target: object, isConstructor: boolean): void {
  const keys = reflectOwnKeys(target);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    if (typeof key === "symbol" || key === "constructor") continue;
    if (isConstructor && (key === "length" || key === "name" || key === "prototype")) continue;
    objectDefineProperty(target, key, ENUMERABLE);
  }
}

/**
 * Gives a class the shape that Web IDL asks of an interface: its name, its class string, and members that
 * are enumerable. structuredClone refuses its instances unless the class was registered as cloneable.
 */
export function shapeInterface(constructor: Function, name: string): void {
  const prototype = constructor.prototype as object;
  objectDefineProperty(constructor, "name", dataDescriptor(name, false, false));
  objectDefineProperty(prototype, symbolToStringTag, dataDescriptor(name, false, false));
  makeEnumerable(constructor, true);
  makeEnumerable(prototype, false);
  refuseClone(prototype);
}

/** Shapes a class as an interface, and defines it as a global that is not enumerable. */
export function defineInterface(global: object, name: string, constructor: Function): void {
  shapeInterface(constructor, name);
  objectDefineProperty(global, name, dataDescriptor(constructor, false));
}

/** Defines a function as a global that is enumerable, under its own name. */
export function defineFunction(global: object, name: string, method: Function): void {
  objectDefineProperty(method, "name", dataDescriptor(name, false, false));
  objectDefineProperty(global, name, dataDescriptor(method, true));
}
