import { mapGet, MapOf, mapSet } from "../primordials/collections.ts";
import { objectGetPrototypeOf } from "../primordials/object.ts";
import { uncurry } from "../primordials/uncurry.ts";

/** Shows a platform object: as text, or as a plain object of what is worth seeing. */
export type Describe = (value: object) => string | object;

const describers = new MapOf<object, Describe>();

/** Says how the console shows objects of a platform class. `describe` must not run tenant code. */
export function registerDescriber(prototype: object, describe: Describe): void {
  mapSet(describers, prototype, describe);
}

/** How to show the object, if it is of a class that says so. */
export function describer(value: object): Describe | undefined {
  let prototype = objectGetPrototypeOf(value) as object | null;
  for (let hops = 0; prototype !== null && hops < 10; hops++) {
    const found = mapGet(describers, prototype);
    if (found !== undefined) return found;
    prototype = objectGetPrototypeOf(prototype) as object | null;
  }
  return undefined;
}

const source = uncurry(Reflect.getOwnPropertyDescriptor(RegExp.prototype, "source")?.get as () => string);
const FLAGS = [
  ["hasIndices", "d"],
  ["global", "g"],
  ["ignoreCase", "i"],
  ["multiline", "m"],
  ["dotAll", "s"],
  ["unicode", "u"],
  ["unicodeSets", "v"],
  ["sticky", "y"],
] as const;
const flagGetters: (readonly [(self: unknown) => boolean, string])[] = [];
for (const [key, letter] of FLAGS) {
  const getter = Reflect.getOwnPropertyDescriptor(RegExp.prototype, key)?.get as () => boolean;
  flagGetters.push([uncurry(getter) as (self: unknown) => boolean, letter]);
}

/** A regular expression as its literal; a TypeError for anything else. */
export function regexpText(value: unknown): string {
  let text = `/${source(value)}/`;
  for (let i = 0; i < flagGetters.length; i++) {
    const [has, letter] = flagGetters[i] as (typeof flagGetters)[number];
    if (has(value)) text += letter;
  }
  return text;
}

const unboxers = [
  uncurry(Boolean.prototype.valueOf),
  uncurry(Number.prototype.valueOf),
  uncurry(String.prototype.valueOf),
  uncurry(BigInt.prototype.valueOf),
  uncurry(Symbol.prototype.valueOf),
] as ((self: unknown) => unknown)[];

/** The primitive inside a wrapper object. */
export function boxedValue(value: object): { value: unknown } | undefined {
  for (let i = 0; i < unboxers.length; i++) {
    try {
      return { value: (unboxers[i] as (self: unknown) => unknown)(value) };
    } catch {
      // Not of this kind.
    }
  }
  return undefined;
}
