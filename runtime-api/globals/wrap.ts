import {
  dataDescriptor,
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  objectHasOwn,
  reflectApply,
  reflectOwnKeys,
} from "../primordials/object.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Puts `guard` before a builtin method. The wrapper keeps name and length; being JavaScript, its entry is
 * also a place where V8 can stop a loop of short native calls.
 */
export function guardMethod(
  holder: object,
  key: string,
  guard: (self: unknown, args: readonly unknown[]) => void,
): void {
  const original = (holder as Record<string, unknown>)[key] as Method | undefined;
  if (typeof original !== "function") return;
  const wrapper = {
    [key](this: unknown, ...args: unknown[]): unknown {
      guard(this, args);
      return reflectApply(original, this, args);
    },
  }[key] as Method;
  const { length } = original;
  if (length > 0) objectDefineProperty(wrapper, "length", dataDescriptor(length, false, false));
  // Assigning keeps the attributes.
  (holder as Record<string, unknown>)[key] = wrapper;
}

/** Puts `wrapper` in the place of a builtin constructor: same name, length, prototype and statics. */
export function replaceConstructor(original: Function, wrapper: Function): void {
  const keys = reflectOwnKeys(original);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const descriptor = objectGetOwnPropertyDescriptor(original, key) as PropertyDescriptor;
    if (key === "prototype")
      objectDefineProperty(wrapper, key, {
        __proto__: null,
        value: descriptor.value as unknown,
        writable: false,
      } as PropertyDescriptor);
    else objectDefineProperty(wrapper, key, descriptor);
  }
  const prototype = original.prototype as object | undefined;
  if (prototype !== undefined && objectHasOwn(prototype, "constructor")) {
    const descriptor = objectGetOwnPropertyDescriptor(prototype, "constructor") as PropertyDescriptor;
    descriptor.value = wrapper;
    objectDefineProperty(prototype, "constructor", descriptor);
  }
}

/** Defines a replaced builtin as a global, with the attributes that builtins have. */
export function defineBuiltin(holder: object, name: string, value: unknown): void {
  objectDefineProperty(holder, name, dataDescriptor(value, false));
}
