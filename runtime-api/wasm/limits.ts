import { TypeErrorOf } from "../primordials/errors.ts";
import { reflectApply, reflectConstruct } from "../primordials/object.ts";
import { BigIntOf, NumberOf } from "../primordials/values.ts";
import { defineBuiltin, replaceConstructor } from "../globals/wrap.ts";
import type { NativeWasm, WasmConstructor } from "./native.ts";

/** How a constructor that takes limits is held to lower ones than V8's. */
export interface Bounds {
  readonly name: "Memory" | "Table";
  /** Most units (pages, entries) of one object; asked whenever one is made or grows. */
  most(): number;
  /** Units beyond which V8 itself says what is wrong, where addresses have 32 bits. */
  readonly nativeMost: number;
  /** Throws if so many units cannot be begun with, or come to those that the object has. */
  require(units: number, self?: unknown): void;
  /** Throws if the value is none of these objects. */
  brand(self: unknown): unknown;
  /** Hears of each object that was made. */
  made(object: object): void;
}

/** Units of an object with 64-bit addresses beyond which V8 itself says what is wrong. */
const BIG_MOST = 2 ** 48;

type Descriptor = Record<"address" | "element" | "initial" | "maximum" | "minimum" | "shared", unknown>;

/**
 * Replaces a constructor and its `grow` so that nothing is made above the bounds. V8 reads and checks the
 * descriptor itself, in its order: what it reads is an object whose getters ask the worker's.
 */
export function boundConstructor(wasm: NativeWasm, bounds: Bounds): void {
  const { name } = bounds;
  const Native = wasm[name];
  function wrapper(descriptor: unknown, ...value: unknown[]): object {
    if (new.target === undefined) throw new TypeErrorOf(`WebAssembly.${name} must be invoked with 'new'`);
    const isObject =
      (typeof descriptor === "object" && descriptor !== null) || typeof descriptor === "function";
    const given = isObject ? boundDescriptor(descriptor as Descriptor, bounds) : descriptor;
    const args = value.length > 0 ? [given, value[0]] : [given];
    const made = reflectConstruct(Native, args, new.target) as object;
    bounds.made(made);
    return made;
  }
  replaceConstructor(Native, wrapper);
  defineBuiltin(wasm, name, wrapper);
  boundGrow(Native, bounds);
}

function boundDescriptor(given: Descriptor, { name, most, nativeMost, require }: Bounds): Descriptor {
  let isBig = false;
  const units = (value: unknown): number | bigint | undefined => {
    if (value === undefined) return undefined;
    if (!isBig) return +(value as number);
    // V8 refuses numbers where it wants a BigInt; the function would convert them.
    return typeof value === "number" ? value : BigIntOf(value as bigint);
  };
  const least = (value: unknown): unknown => {
    const converted = units(value);
    if (converted === undefined) return converted;
    if (isBig || converted <= nativeMost) require(NumberOf(converted));
    return converted;
  };
  return {
    get address(): unknown {
      const { address } = given;
      const text = address === undefined ? undefined : `${address as string}`;
      isBig = text === "i64";
      return text;
    },
    get element(): unknown {
      return given.element;
    },
    get initial(): unknown {
      return least(given.initial);
    },
    get minimum(): unknown {
      return least(given.minimum);
    },
    get maximum(): unknown {
      const converted = units(given.maximum);
      const highest = most();
      const top = isBig ? BIG_MOST : nativeMost;
      // A maximum that V8 refuses, or that is lower, stays as it is.
      const isHigh = converted === undefined || (NumberOf(converted) > highest && NumberOf(converted) <= top);
      if (!isHigh) return converted;
      return isBig ? BigIntOf(highest) : highest;
    },
    get shared(): unknown {
      const { shared } = given;
      if (shared) throw new TypeErrorOf(`WebAssembly.${name}(): shared memory is not available here`);
      return shared;
    },
  };
}

function boundGrow(Native: WasmConstructor, { brand, require }: Bounds): void {
  const prototype = Native.prototype as Record<string, Function>;
  const native = prototype["grow"] as Function;
  const { grow } = {
    grow(this: unknown, delta: unknown, ...value: unknown[]): unknown {
      brand(this);
      // Converted once: V8 must see the number that was looked at.
      const units = typeof delta === "bigint" ? delta : +(delta as number);
      if (units > 0 && (typeof units === "bigint" || units < 2 ** 32)) require(NumberOf(units), this);
      return reflectApply(native, this, value.length > 0 ? [units, value[0]] : [units]);
    },
  };
  // Assigning keeps the attributes.
  prototype["grow"] = grow;
}
