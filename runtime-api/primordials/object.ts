export const {
  create: objectCreate,
  freeze: objectFreeze,
  keys: objectKeys,
  hasOwn: objectHasOwn,
  getPrototypeOf: objectGetPrototypeOf,
  setPrototypeOf: objectSetPrototypeOf,
  isExtensible: objectIsExtensible,
} = Object;
export const objectDefineProperty: <T>(target: T, key: PropertyKey, descriptor: PropertyDescriptor) => T =
  Object.defineProperty;
export const objectGetOwnPropertyDescriptor: (
  target: object,
  key: PropertyKey,
) => PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor;

export const {
  apply: reflectApply,
  construct: reflectConstruct,
  ownKeys: reflectOwnKeys,
  get: reflectGet,
  getOwnPropertyDescriptor: reflectGetOwnPropertyDescriptor,
} = Reflect;

const data = {
  __proto__: null,
  value: undefined,
  enumerable: false,
  writable: false,
  configurable: false,
} as PropertyDescriptor;
const accessor = {
  __proto__: null,
  get: undefined,
  set: undefined,
  enumerable: false,
  configurable: true,
} as unknown as PropertyDescriptor;

/**
 * A descriptor without a prototype, so that a patched `Object.prototype.get` means nothing. It is one object, good until the
 * next call: V8 makes a table of some hundred bytes of each object without a prototype, and boot defines hundreds of properties.
 */
export function dataDescriptor(
  value: unknown,
  enumerable: boolean,
  writable = true,
  configurable = true,
): PropertyDescriptor {
  data.value = value;
  data.enumerable = enumerable;
  data.writable = writable;
  data.configurable = configurable;
  return data;
}

/** The same for a property that is configurable, with a getter and a setter. */
export function accessorDescriptor(
  get: () => unknown,
  set: (value: never) => void,
  enumerable: boolean,
): PropertyDescriptor {
  accessor.get = get;
  accessor.set = set;
  accessor.enumerable = enumerable;
  return accessor;
}
