import { refuseClone } from "../clone/kinds.ts";
import { dataDescriptor, objectDefineProperty, reflectOwnKeys } from "../primordials/object.ts";
import { stringSlice, stringStartsWith } from "../primordials/string.ts";
import { symbolToStringTag } from "../primordials/values.ts";
import { INTERFACE_LENGTHS } from "./interface-lengths.ts";

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

function setLengths(constructor: Function, lengths: Readonly<Record<string, number>>): void {
  const prototype = constructor.prototype as Record<string, object>;
  for (const key in lengths) {
    const descriptor = dataDescriptor(lengths[key], false, false);
    if (key === "constructor") objectDefineProperty(constructor, "length", descriptor);
    else if (stringStartsWith(key, "static ")) {
      const statics = constructor as unknown as Record<string, object>;
      objectDefineProperty(statics[stringSlice(key, 7)] as object, "length", descriptor);
    } else objectDefineProperty(prototype[key] as object, "length", descriptor);
  }
}

/** Gives a constructor that workers can see its name: the image's own names are shortened when it is bundled. */
export function nameConstructor(constructor: Function, name: string): void {
  objectDefineProperty(constructor, "name", dataDescriptor(name, false, false));
}

/**
 * Gives a class the shape that Web IDL asks of an interface: its name, its class string, the lengths of its
 * functions, and members that are enumerable. structuredClone refuses its instances unless the class was registered as cloneable.
 */
export function shapeInterface(constructor: Function, name: string): void {
  const prototype = constructor.prototype as object;
  nameConstructor(constructor, name);
  objectDefineProperty(prototype, symbolToStringTag, dataDescriptor(name, false, false));
  makeEnumerable(constructor, true);
  makeEnumerable(prototype, false);
  const lengths = INTERFACE_LENGTHS[name];
  if (lengths !== undefined) setLengths(constructor, lengths);
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
