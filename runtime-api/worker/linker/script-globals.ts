import {
  dataDescriptor,
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
} from "../../primordials/object.ts";

/** One name that a script declares at its top level; a function has no `set`. */
export type ScriptGlobal = readonly [name: string, get: () => unknown, set?: (value: unknown) => void];

/**
 * Makes what a script declares with `var` and `function` properties of the global object, as if it were
 * not in a function. A `var` of a name that is there already keeps its value.
 */
export function shareGlobals(globals: readonly ScriptGlobal[]): void {
  for (let i = 0; i < globals.length; i++) {
    const { 0: name, 1: get, 2: set } = globals[i] as ScriptGlobal;
    const there = objectGetOwnPropertyDescriptor(globalThis, name);
    if (there !== undefined && set !== undefined) set((globalThis as Record<string, unknown>)[name]);
    if (there?.configurable === false) continue;
    const descriptor =
      set === undefined
        ? dataDescriptor(get(), true, true, false)
        : ({ __proto__: null, get, set, enumerable: true, configurable: false } as PropertyDescriptor);
    objectDefineProperty(globalThis, name, descriptor);
  }
}
