import { MapOf, mapDelete, mapForEach, mapGet, mapSet } from "../primordials/collections.ts";
import {
  accessorDescriptor,
  dataDescriptor,
  objectCreate,
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  reflectApply,
} from "../primordials/object.ts";
import { withPristine } from "./pristine.ts";

/** Globals that nobody has asked for yet, each with what defines it. */
const waiting = new MapOf<PropertyKey, () => void>();

/**
 * Defines globals whose code runs when one of them is first asked for: an isolate that never touches them
 * pays for a getter. `expose` defines all of `names` on the object it is given, as it would at boot on the
 * global object; a name that the worker replaced or deleted meanwhile stays as the worker left it.
 *
 * Nobody can tell such a global from another: once {@link hideLaziness} has run, asking for its property
 * descriptor defines it first.
 */
export function defineLazily(
  global: object,
  names: readonly string[],
  expose: (target: object) => void,
  enumerable = false,
): void {
  const getters: (() => unknown)[] = [];
  const load = (): void => {
    const made = objectCreate(null) as object;
    withPristine(() => expose(made));
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      mapDelete(waiting, name);
      if (objectGetOwnPropertyDescriptor(global, name)?.get !== getters[i]) continue;
      objectDefineProperty(global, name, objectGetOwnPropertyDescriptor(made, name) as PropertyDescriptor);
    }
  };
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const get = (): unknown => {
      load();
      return (global as Record<string, unknown>)[name];
    };
    getters[i] = get;
    mapSet(waiting, name, load);
    const set = (value: unknown): void => {
      objectDefineProperty(global, name, dataDescriptor(value, enumerable));
    };
    objectDefineProperty(global, name, accessorDescriptor(get, set, enumerable));
  }
}

/** Defines a global now that may still wait to be asked for. */
export function defineWaiting(name: string): void {
  mapGet(waiting, name)?.();
}

/** Makes the functions that tell a getter from a value define a lazy global before they look at it. */
export function hideLaziness(global: object): void {
  const { Object, Reflect } = global as Record<"Object" | "Reflect", object>;
  hideFrom(Object, "getOwnPropertyDescriptor", global, (key) => mapGet(waiting, key as PropertyKey)?.());
  hideFrom(Reflect, "getOwnPropertyDescriptor", global, (key) => mapGet(waiting, key as PropertyKey)?.());
  hideFrom(Object, "getOwnPropertyDescriptors", global, () => mapForEach(waiting, (load) => load()));
}

function hideFrom(holder: object, name: string, global: object, define: (key: unknown) => void): void {
  const methods = holder as Record<string, Function>;
  const original = methods[name] as Function;
  // A method, so that it is no constructor; its parameters give it the length of the original.
  const wrapped =
    original.length === 1
      ? {
          [name](target: unknown): unknown {
            if (target === global) define(undefined);
            return reflectApply(original, holder, [target]);
          },
        }
      : {
          [name](target: unknown, key: unknown): unknown {
            if (target === global) define(key);
            return reflectApply(original, holder, [target, key]);
          },
        };
  // Assigning keeps the attributes.
  methods[name] = wrapped[name] as Function;
}
