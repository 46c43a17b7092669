import {
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  reflectOwnKeys,
} from "../primordials/object.ts";
import { symbolToStringTag } from "../primordials/values.ts";

function makeEnumerable(target: object, skip: readonly PropertyKey[]): void {
  for (const key of reflectOwnKeys(target)) {
    if (typeof key === "symbol" || skip.includes(key)) continue;
    const descriptor = objectGetOwnPropertyDescriptor(target, key);
    if (descriptor?.configurable) objectDefineProperty(target, key, { ...descriptor, enumerable: true });
  }
}

/**
 * Gives a class the shape that Web IDL asks of an interface: its name (the bundle is minified), its
 * class string, and members that can be enumerated. Runs once, before tenant code.
 */
export function shapeInterface(interfaceClass: Function, name: string): void {
  objectDefineProperty(interfaceClass, "name", {
    value: name,
    configurable: true,
    enumerable: false,
    writable: false,
  });
  const prototype: object = interfaceClass.prototype;
  makeEnumerable(interfaceClass, ["length", "name", "prototype"]);
  makeEnumerable(prototype, ["constructor"]);
  objectDefineProperty(prototype, symbolToStringTag, {
    value: name,
    configurable: true,
    enumerable: false,
    writable: false,
  });
}
