import { objectDefineProperty, objectGetPrototypeOf, objectSetPrototypeOf } from "../primordials/object.ts";
import { arrayValues } from "../primordials/array.ts";
import { symbolToStringTag } from "../primordials/values.ts";

/** What an iterator over name and value pairs gives. */
type Step<T> = { value: T; done: false } | { value: undefined; done: true };

/** Which part of each pair an iterator gives. */
export type PairPart = "key" | "value" | "entry";

const iteratorPrototype = objectGetPrototypeOf(objectGetPrototypeOf(arrayValues([])) as object);

/**
 * Makes the maker of an interface's iterators, as Web IDL has them: one prototype for all three
 * kinds, and a position in a list that may change while it is walked.
 */
export function pairIterators<T extends object, V>(
  name: string,
  pairsOf: (target: T) => readonly (readonly [string, V])[],
): (target: T, part: PairPart) => IterableIterator<never> {
  class Position {
    readonly #target: T;
    readonly #part: PairPart;
    #index = 0;
    constructor(target: T, part: PairPart) {
      this.#target = target;
      this.#part = part;
    }
    next(): Step<unknown> {
      if (typeof this !== "object" || this === null || !(#index in this)) {
        throw new TypeError(`Cannot go on with the iteration: this is no ${name} Iterator`);
      }
      const pair = pairsOf(this.#target)[this.#index];
      if (pair === undefined) return { value: undefined, done: true };
      this.#index++;
      const value = this.#part === "key" ? pair[0] : this.#part === "value" ? pair[1] : [pair[0], pair[1]];
      return { value, done: false };
    }
  }
  const { prototype } = Position;
  delete (prototype as { constructor?: unknown }).constructor;
  objectSetPrototypeOf(prototype, iteratorPrototype);
  objectDefineProperty(prototype, "next", { enumerable: true });
  objectDefineProperty(prototype, symbolToStringTag, {
    value: `${name} Iterator`,
    enumerable: false,
    configurable: true,
    writable: false,
  });
  return (target, part) => new Position(target, part) as never;
}
