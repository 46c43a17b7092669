import { arrayIsArray, arrayPush } from "../primordials/array.ts";
import { reflectApply, reflectOwnKeys } from "../primordials/object.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { symbolIterator } from "../primordials/values.ts";
import { headerName, headerValue } from "./header-syntax.ts";

/** Takes a field, name and value in their final form, with the name as it was written. */
type AddField = (name: string, value: string, written: string) => void;

const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable) as (
  self: object,
  key: PropertyKey,
) => boolean;
/** How arrays are iterated unless somebody changed it. */
const arrayIterator: unknown = Array.prototype[symbolIterator];

function addPair(item: unknown, add: AddField): void {
  const iterate: unknown =
    (typeof item === "object" && item !== null) || typeof item === "function"
      ? (item as Iterable<unknown>)[symbolIterator]
      : undefined;
  if (typeof iterate !== "function") {
    throw new TypeError(
      "Cannot make Headers: an item of the sequence is not a sequence of a name and a value",
    );
  }
  const pair: string[] = [];
  visit(item as object, iterate, (part) => arrayPush(pair, `${part as string}`));
  if (pair.length !== 2)
    throw new TypeError(
      `Cannot make Headers: an item of the sequence has ${pair.length} parts, not a name and a value`,
    );
  const written = pair[0] as string;
  const name = headerName(written);
  add(name, headerValue(pair[1]), written);
}

/** Visits the items of a sequence, whose iterator was looked up once and is not looked up again. */
function visit(sequence: object, iterate: Function, each: (item: unknown) => void): void {
  if (iterate === arrayIterator && arrayIsArray(sequence)) {
    // The same steps as the iterator's, without the iterator.
    for (let i = 0; i < sequence.length; i++) each(sequence[i]);
    return;
  }
  for (const item of { [symbolIterator]: () => reflectApply(iterate, sequence, []) as Iterator<unknown> })
    each(item);
}

/**
 * Reads what `new Headers` and its like are given: a sequence of pairs, or a record.
 *
 * @throws TypeError where it is neither, or a name or value is not one
 */
export function fillHeaders(init: unknown, add: AddField): void {
  if ((typeof init !== "object" && typeof init !== "function") || init === null) {
    throw new TypeError("Cannot make Headers: the argument is neither a sequence nor a record");
  }
  const iterate: unknown = (init as Partial<Iterable<unknown>>)[symbolIterator];
  if (iterate !== undefined && iterate !== null) {
    if (typeof iterate !== "function")
      throw new TypeError("Cannot make Headers: the argument's iterator is not a function");
    visit(init, iterate, (item) => addPair(item, add));
    return;
  }
  const keys = reflectOwnKeys(init);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string | symbol;
    if (!isEnumerable(init, key)) continue;
    // A name that is none throws, as a symbol does when it becomes text, before its value is asked for.
    const name = headerName(key);
    add(name, headerValue((init as Record<PropertyKey, unknown>)[key]), key as string);
  }
}
