import { uncurry } from "./uncurry.ts";

export const {
  create: objectCreate,
  freeze: objectFreeze,
  keys: objectKeys,
  hasOwn: objectHasOwn,
  getPrototypeOf: objectGetPrototypeOf,
  setPrototypeOf: objectSetPrototypeOf,
  is: objectIs,
  isExtensible: objectIsExtensible,
} = Object;
export const objectDefineProperty: <T>(target: T, key: PropertyKey, descriptor: PropertyDescriptor) => T =
  Object.defineProperty;
export const objectGetOwnPropertyDescriptor: (
  target: object,
  key: PropertyKey,
) => PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor;
export const objectToString = uncurry(Object.prototype.toString) as (self: unknown) => string;

export const {
  apply: reflectApply,
  construct: reflectConstruct,
  ownKeys: reflectOwnKeys,
  get: reflectGet,
  getOwnPropertyDescriptor: reflectGetOwnPropertyDescriptor,
} = Reflect;

/** A descriptor without a prototype, so that a patched `Object.prototype.get` means nothing. */
export function dataDescriptor(
  value: unknown,
  enumerable: boolean,
  writable = true,
  configurable = true,
): PropertyDescriptor {
  return { __proto__: null, value, enumerable, writable, configurable } as PropertyDescriptor;
}
