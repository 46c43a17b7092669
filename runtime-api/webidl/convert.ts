import { arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { reflectApply } from "../primordials/object.ts";
import { stringToWellFormed } from "../primordials/string.ts";
import { numberIsFinite, symbolIterator } from "../primordials/values.ts";
import { isObject } from "./arguments.ts";

/** Converts to a DOMString. Throws a TypeError for a symbol. */
export function toText(value: unknown): string {
  return `${value as string}`;
}

/** Converts to a USVString: lone surrogates become U+FFFD. */
export function toWellFormedText(value: unknown): string {
  return stringToWellFormed(`${value as string}`);
}

/** Converts to an unsigned long, modulo 2^32. */
export function toUnsignedLong(value: unknown): number {
  return +(value as number) >>> 0;
}

/**
 * Visits the items of a sequence in turn, so that each can be converted before the next is asked for. The
 * iterator is the caller's own, so whatever it does, it does to itself; it is looked up once.
 *
 * @throws TypeError where the value is no object, or has no iterator
 */
export function forEachItem(value: unknown, what: string, visit: (item: unknown) => void): void {
  const iterate: unknown = isObject(value) ? (value as Iterable<unknown>)[symbolIterator] : undefined;
  if (typeof iterate !== "function") throw new TypeErrorOf(`${what} cannot be iterated.`);
  for (const item of { [symbolIterator]: () => reflectApply(iterate, value, []) as Iterator<unknown> })
    visit(item);
}

/** Converts to a sequence: takes what the value's iterator gives. */
export function toSequence(value: unknown, what: string): unknown[] {
  const items: unknown[] = [];
  forEachItem(value, what, (item) => arrayPush(items, item));
  return items;
}

/** Converts to a `double`, which is finite. Throws a TypeError for others. */
export function toFinite(value: unknown, what: string): number {
  const number = +(value as number);
  if (!numberIsFinite(number)) throw new TypeErrorOf(`${what} is not a finite number.`);
  return number;
}
