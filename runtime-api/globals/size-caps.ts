import { arrayIsArray } from "../primordials/array.ts";
import { RangeErrorOf } from "../primordials/errors.ts";
import { guardMethod } from "./wrap.ts";

/** Longest string that a method takes which makes something of each character. */
const STRING_UNITS = 32 * 1024 * 1024;
/** Longest array, or array-like, that a method walks without looking up. */
const ARRAY_ITEMS = 32 * 1024 * 1024;
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
  guardMethod(realm.Array, "from", (_self, args) => arrayGuard(args[0]));
  guardAll(
    Reflect.getPrototypeOf(realm.Uint8Array.prototype) as object,
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
      "set",
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
