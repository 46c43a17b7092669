import { arrayPush } from "../primordials/array.ts";
import { reflectApply, reflectOwnKeys } from "../primordials/object.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { symbolIterator } from "../primordials/values.ts";
import { byteString } from "./header-syntax.ts";

const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable) as (
  self: object,
  key: PropertyKey,
) => boolean;

/** One name and value as they were given, both text of bytes. */
type GivenField = [name: string, value: string];

function readSequence(init: object, iterate: Function, fields: GivenField[]): void {
  // The iterator was looked up once to tell a sequence from a record, and is not looked up again.
  for (const item of { [symbolIterator]: () => reflectApply(iterate, init, []) as Iterator<unknown> }) {
    if (
      (typeof item !== "object" && typeof item !== "function") ||
      item === null ||
      typeof (item as Iterable<unknown>)[symbolIterator] !== "function"
    ) {
      throw new TypeError(
        "Cannot make Headers: an item of the sequence is not a sequence of a name and a value",
      );
    }
    const pair: string[] = [];
    for (const part of item as Iterable<unknown>) arrayPush(pair, byteString(part));
    if (pair.length !== 2)
      throw new TypeError(
        `Cannot make Headers: an item of the sequence has ${pair.length} parts, not a name and a value`,
      );
    arrayPush(fields, pair as GivenField);
  }
}

/**
 * Reads what `new Headers` and its like are given: a sequence of pairs, or a record. All of it is read
 * before `add` sees the first field, as Web IDL converts arguments before a method begins.
 *
 * @throws TypeError where it is neither, or a name or value is no text of bytes
 */
export function fillHeaders(init: unknown, add: (name: string, value: string) => void): void {
  if ((typeof init !== "object" && typeof init !== "function") || init === null) {
    throw new TypeError("Cannot make Headers: the argument is neither a sequence nor a record");
  }
  const fields: GivenField[] = [];
  const iterate: unknown = (init as Partial<Iterable<unknown>>)[symbolIterator];
  if (iterate !== undefined && iterate !== null) {
    if (typeof iterate !== "function")
      throw new TypeError("Cannot make Headers: the argument's iterator is not a function");
    readSequence(init, iterate, fields);
  } else {
    const keys = reflectOwnKeys(init);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string | symbol;
      if (!isEnumerable(init, key)) continue;
      // A symbol as a name throws when it becomes text, before its value is asked for.
      const name = byteString(key);
      arrayPush(fields, [name, byteString((init as Record<PropertyKey, unknown>)[key])]);
    }
  }
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as GivenField;
    add(field[0], field[1]);
  }
}
