import { arrayPop, arrayPush } from "../primordials/array.ts";

/** Places that the binary's code takes for granted: `undefined`, `null`, `true`, `false`. */
const CONSTANTS = [undefined, null, true, false] as const;
/** Where they begin; below is room for one value that is only lent. */
const FIRST = 32;
/** The place of the value that is lent. */
const LENT = FIRST - 1;

/** The values of JavaScript that WebAssembly holds by number. */
export class Heap {
  readonly #values: unknown[] = [];
  readonly #free: number[] = [];

  constructor() {
    for (let i = 0; i < FIRST; i++) arrayPush(this.#values, undefined);
    for (let i = 0; i < CONSTANTS.length; i++) arrayPush(this.#values, CONSTANTS[i]);
  }

  get(index: number): unknown {
    return this.#values[index];
  }

  add(value: unknown): number {
    const index = arrayPop(this.#free);
    if (index === undefined) return arrayPush(this.#values, value) - 1;
    this.#values[index] = value;
    return index;
  }

  /** Gives the value and forgets it. */
  take(index: number): unknown {
    const value = this.#values[index];
    if (index < FIRST + CONSTANTS.length) return value;
    this.#values[index] = undefined;
    arrayPush(this.#free, index);
    return value;
  }

  /** Lends one value for the length of a call. */
  lend<T>(value: unknown, call: (index: number) => T): T {
    this.#values[LENT] = value;
    try {
      return call(LENT);
    } finally {
      this.#values[LENT] = undefined;
    }
  }
}
