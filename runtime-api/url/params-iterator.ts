import { TypeErrorOf } from "../primordials/errors.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  objectGetPrototypeOf,
  objectSetPrototypeOf,
} from "../primordials/object.ts";
import { symbolIterator, symbolToStringTag } from "../primordials/values.ts";
import type { Pairs } from "./query.ts";

/** What each step of an iterator gives. */
export const StepOf = { entries: 0, keys: 1, values: 2 } as const;
export type StepOf = (typeof StepOf)[keyof typeof StepOf];

const iteratorPrototype = objectGetPrototypeOf(
  objectGetPrototypeOf([][symbolIterator]()) as object,
) as object;

/** Walks pairs as they are now, not as they were: what is added meanwhile is met. */
class PairsIterator {
  #pairs: () => Pairs;
  #step: StepOf;
  #at = 0;

  constructor(pairs: () => Pairs, step: StepOf) {
    this.#pairs = pairs;
    this.#step = step;
  }

  next(): IteratorResult<unknown, undefined> {
    if (typeof this !== "object" || this === null || !(#at in this)) {
      throw new TypeErrorOf("next() called on a value that is not a URLSearchParams Iterator");
    }
    const pairs = this.#pairs();
    const at = this.#at;
    if (at >= pairs.length) return { value: undefined, done: true };
    this.#at = at + 2;
    const value =
      this.#step === StepOf.entries
        ? [pairs[at], pairs[at + 1]]
        : this.#step === StepOf.keys
          ? pairs[at]
          : pairs[at + 1];
    return { value, done: false };
  }
}

objectSetPrototypeOf(PairsIterator.prototype, iteratorPrototype);
objectDefineProperty(PairsIterator.prototype, "next", dataDescriptor(PairsIterator.prototype.next, true));
objectDefineProperty(
  PairsIterator.prototype,
  symbolToStringTag,
  dataDescriptor("URLSearchParams Iterator", false, false),
);
delete (PairsIterator.prototype as { constructor?: unknown }).constructor;

/** An iterator over what `pairs` gives at each step. */
export function iteratePairs(pairs: () => Pairs, step: StepOf): IterableIterator<unknown> {
  return new PairsIterator(pairs, step) as unknown as IterableIterator<unknown>;
}
