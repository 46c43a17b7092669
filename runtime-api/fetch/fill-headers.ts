import { arrayPush } from "../primordials/array.ts";
import { reflectOwnKeys } from "../primordials/object.ts";
import { uncurry } from "../primordials/uncurry.ts";

const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable) as (
  self: object,
  key: PropertyKey,
) => boolean;

function addSequence(init: Iterable<unknown>, add: (name: unknown, value: unknown) => void): void {
  const pairs: unknown[][] = [];
  for (const item of init) {
    if (
      (typeof item !== "object" && typeof item !== "function") ||
      item === null ||
      typeof (item as Iterable<unknown>)[Symbol.iterator] !== "function"
    ) {
      throw new TypeError(
        "Cannot make Headers: an item of the sequence is not a sequence of a name and a value",
      );
    }
    const pair: unknown[] = [];
    for (const part of item as Iterable<unknown>) arrayPush(pair, part);
    if (pair.length !== 2)
      throw new TypeError(
        `Cannot make Headers: an item of the sequence has ${pair.length} parts, not a name and a value`,
      );
    arrayPush(pairs, pair);
  }
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i] as unknown[];
    add(pair[0], pair[1]);
  }
}

/**
 * Reads what `new Headers` and its like are given: a sequence of pairs, or a record.
 *
 * @throws TypeError where it is neither
 */
export function fillHeaders(init: unknown, add: (name: unknown, value: unknown) => void): void {
  if ((typeof init !== "object" && typeof init !== "function") || init === null) {
    throw new TypeError("Cannot make Headers: the argument is neither a sequence nor a record");
  }
  const method: unknown = (init as Partial<Iterable<unknown>>)[Symbol.iterator];
  if (method !== undefined && method !== null) {
    if (typeof method !== "function")
      throw new TypeError("Cannot make Headers: the argument's iterator is not a function");
    addSequence(init as Iterable<unknown>, add);
    return;
  }
  const keys = reflectOwnKeys(init);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string | symbol;
    if (!isEnumerable(init, key)) continue;
    // A symbol as a name throws when `add` makes text of it.
    add(key, (init as Record<PropertyKey, unknown>)[key]);
  }
}
