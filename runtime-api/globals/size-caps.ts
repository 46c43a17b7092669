import { arrayIsArray } from "../primordials/array.ts";
import { isView } from "../primordials/bytes.ts";
import { RangeErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { defineBuiltin, guardMethod, replaceConstructor } from "./wrap.ts";

/** Longest string that a method takes which makes something of each character. */
const STRING_UNITS = 32 * 1024 * 1024;
/** Longest array, or array-like, that a method walks without looking up. */
const ARRAY_ITEMS = 32 * 1024 * 1024;
/** Longest array-like that is read item by item, which V8 does for 40 ns each and cannot be stopped in. */
const READ_ITEMS = 8 * 1024 * 1024;
/** Items that are formatted for a locale, at up to 15 µs each. */
const LOCALE_ITEMS = 8 * 1024;
/** Longest text that becomes a BigInt, and size of a BigInt that becomes text: 0.1 s each, and more than twice that for twice the size. */
const BIG_INT_UNITS = 1024 * 1024;
const BIG_INT_BITS = 2n * 1024n * 1024n;
/** Longest text that is parsed at once; V8 cannot be stopped while it parses. */
const JSON_UNITS = 16 * 1024 * 1024;
/** Longest string whose characters may become keys. */
const KEY_UNITS = 1024 * 1024;

function refuse(what: string, size: number, most: number): never {
  throw new RangeErrorOf(`${what} is too long for this operation: ${size}, at most ${most}`);
}

function stringGuard(self: unknown): void {
  // Objects are turned into strings by the method itself; they cannot be measured without side effects.
  if (typeof self === "string" && self.length > STRING_UNITS) refuse("The string", self.length, STRING_UNITS);
}

function arrayGuard(self: unknown): void {
  if (typeof self !== "object" || self === null) return;
  const length = +((self as ArrayLike<unknown>).length as unknown as number);
  if (length > ARRAY_ITEMS)
    refuse(arrayIsArray(self) ? "The array" : "The array-like object", length, ARRAY_ITEMS);
}

/** An array, or a typed array, is copied much faster than an array-like is read. */
function readGuard(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (arrayIsArray(value) || isView(value)) return arrayGuard(value);
  const length = +((value as ArrayLike<unknown>).length as unknown as number);
  if (length > READ_ITEMS) refuse("The array-like object", length, READ_ITEMS);
}

function localeGuard(self: unknown): void {
  if (typeof self !== "object" || self === null) return;
  const length = +((self as ArrayLike<unknown>).length as unknown as number);
  if (length > LOCALE_ITEMS) refuse("The array", length, LOCALE_ITEMS);
}

/** Nothing to check: the entry of the wrapper is what counts, see `guardMethod`. */
function nothing(): void {}

function keyGuard(_self: unknown, args: readonly unknown[]): void {
  for (let i = 0; i < args.length && i < 8; i++) {
    const value = args[i];
    if (typeof value === "string" && value.length > KEY_UNITS) refuse("The string", value.length, KEY_UNITS);
  }
}

function guardAll(
  holder: object,
  keys: readonly string[],
  guard: (self: unknown, args: readonly unknown[]) => void,
): void {
  for (let i = 0; i < keys.length; i++) guardMethod(holder, keys[i] as string, guard);
}

/**
 * Puts sizes before builtins that ignore V8's termination or crash the process when the input is huge.
 * Best effort: operators and syntax cannot be wrapped. What is beyond the caps is far beyond what an
 * isolate's memory is good for.
 */
export function capSizes(global: object): void {
  const realm = global as typeof globalThis;
  const string = realm.String.prototype as object;
  guardAll(string, ["split", "match", "matchAll", "replace", "replaceAll", "normalize"], stringGuard);
  guardMethod(string, "repeat", (self, args) => {
    const size = (typeof self === "string" ? self.length : 0) * +(args[0] as number);
    if (size > STRING_UNITS) refuse("The result", size, STRING_UNITS);
  });
  guardAll(string, ["padStart", "padEnd"], (_self, args) => {
    const size = +(args[0] as number);
    if (size > STRING_UNITS) refuse("The result", size, STRING_UNITS);
  });
  guardAll(
    realm.Array.prototype as object,
    [
      "fill",
      "indexOf",
      "lastIndexOf",
      "includes",
      "join",
      "reverse",
      "copyWithin",
      "sort",
      "toSorted",
      "toReversed",
      "toSpliced",
      "with",
    ],
    arrayGuard,
  );
  guardMethod(realm.Array, "from", (_self, args) => readGuard(args[0]));
  guardMethod(realm.Array.prototype as object, "toLocaleString", localeGuard);
  guardMethod(realm.String, "raw", (_self, args) =>
    readGuard((args[0] as { raw?: unknown } | undefined)?.raw),
  );
  capBigInts(realm);
  const typedArray = realm.Uint8Array.prototype as object;
  guardMethod(Reflect.getPrototypeOf(realm.Uint8Array) as object, "from", (_self, args) =>
    readGuard(args[0]),
  );
  guardMethod(Reflect.getPrototypeOf(typedArray) as object, "toLocaleString", localeGuard);
  guardMethod(Reflect.getPrototypeOf(typedArray) as object, "set", (_self, args) => readGuard(args[0]));
  guardAll(
    Reflect.getPrototypeOf(typedArray) as object,
    [
      "fill",
      "indexOf",
      "lastIndexOf",
      "includes",
      "join",
      "reverse",
      "copyWithin",
      "sort",
      "toSorted",
      "toReversed",
    ],
    nothing,
  );
  guardMethod(realm.JSON, "parse", (_self, args) => {
    const text = args[0];
    if (typeof text === "string" && text.length > JSON_UNITS)
      refuse("The JSON text", text.length, JSON_UNITS);
  });
  guardAll(
    realm.Object,
    ["entries", "values", "assign", "getOwnPropertyNames", "getOwnPropertyDescriptors"],
    keyGuard,
  );
}

/** Operators on BigInts cannot be wrapped; what turns them into text and back, which takes longest, can. */
function capBigInts(realm: typeof globalThis): void {
  const Native = realm.BigInt;
  // A function, not a class: it works without `new` only, as V8's own says.
  function BigInt(value: unknown): bigint {
    if (new.target !== undefined) throw new TypeErrorOf("BigInt is not a constructor");
    if (typeof value === "string" && value.length > BIG_INT_UNITS)
      refuse("The text", value.length, BIG_INT_UNITS);
    return Native(value as string);
  }
  replaceConstructor(Native, BigInt);
  defineBuiltin(realm, "BigInt", BigInt);
  guardAll(realm.BigInt.prototype as object, ["toString", "toLocaleString"], (self) => {
    if (typeof self !== "bigint") return;
    const rest = self >> BIG_INT_BITS;
    if (rest !== 0n && rest !== -1n)
      throw new RangeErrorOf(`The BigInt is too large for this operation: at most ${BIG_INT_BITS} bits`);
  });
}
