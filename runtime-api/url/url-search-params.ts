import { arrayPush, arraySort, arraySplice } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  reflectApply,
  reflectGetOwnPropertyDescriptor,
  reflectOwnKeys,
} from "../primordials/object.ts";
import {
  stringCharCodeAt,
  stringIsWellFormed,
  stringSlice,
  stringToWellFormed,
} from "../primordials/string.ts";
import { symbolIterator } from "../primordials/values.ts";
import { iteratePairs, StepOf } from "./params-iterator.ts";
import { type Pairs, parseQuery, writeQuery } from "./query.ts";

/** What a URL does to the params that belong to it. */
export interface ParamsInternals {
  /** Params of a URL: `changed` gets the new query after each change. */
  make(query: string, changed: (query: string) => void): URLSearchParams;
  /** Replaces the pairs after the URL's query changed. */
  reset(params: URLSearchParams, query: string): void;
}

export let paramsInternals: ParamsInternals;

type Init = string | Iterable<Iterable<string>> | Record<string, string> | URLSearchParams;

function toUsv(value: unknown): string {
  const text = `${value as string}`;
  return stringIsWellFormed(text) ? text : stringToWellFormed(text);
}

function need(count: number, given: number, method: string): void {
  if (given < count) {
    throw new TypeErrorOf(
      `Failed to execute '${method}' on 'URLSearchParams': ${count} argument${count > 1 ? "s" : ""} required, but only ${given} present.`,
    );
  }
}

/** The names and values of a query. */
export class URLSearchParams {
  #pairs: Pairs = [];
  #changed: ((query: string) => void) | undefined;

  constructor(init: Init = "") {
    if ((typeof init === "object" && init !== null) || typeof init === "function") {
      const iterate = (init as { [Symbol.iterator]?: unknown })[symbolIterator];
      if (iterate !== undefined && iterate !== null) this.#pairs = fromSequence(init, iterate);
      else this.#pairs = fromRecord(init as Record<string, string>);
      return;
    }
    const text = toUsv(init);
    this.#pairs = parseQuery(
      text.length > 0 && stringCharCodeAt(text, 0) === 0x3f ? stringSlice(text, 1) : text,
    );
  }

  get size(): number {
    return this.#pairs.length / 2;
  }
  append(name: string, value: string): void {
    need(2, arguments.length, "append");
    arrayPush(this.#pairs, toUsv(name), toUsv(value));
    this.#update();
  }
  delete(name: string, value?: string): void {
    need(1, arguments.length, "delete");
    const key = toUsv(name);
    const wanted = value === undefined ? undefined : toUsv(value);
    const pairs = this.#pairs;
    for (let i = 0; i < pairs.length;) {
      if (pairs[i] === key && (wanted === undefined || pairs[i + 1] === wanted)) arraySplice(pairs, i, 2);
      else i += 2;
    }
    this.#update();
  }
  get(name: string): string | null {
    need(1, arguments.length, "get");
    const key = toUsv(name);
    const pairs = this.#pairs;
    for (let i = 0; i < pairs.length; i += 2) if (pairs[i] === key) return pairs[i + 1] as string;
    return null;
  }
  getAll(name: string): string[] {
    need(1, arguments.length, "getAll");
    const key = toUsv(name);
    const found: string[] = [];
    const pairs = this.#pairs;
    for (let i = 0; i < pairs.length; i += 2) if (pairs[i] === key) arrayPush(found, pairs[i + 1] as string);
    return found;
  }
  has(name: string, value?: string): boolean {
    need(1, arguments.length, "has");
    const key = toUsv(name);
    const wanted = value === undefined ? undefined : toUsv(value);
    const pairs = this.#pairs;
    for (let i = 0; i < pairs.length; i += 2) {
      if (pairs[i] === key && (wanted === undefined || pairs[i + 1] === wanted)) return true;
    }
    return false;
  }
  set(name: string, value: string): void {
    need(2, arguments.length, "set");
    const key = toUsv(name);
    const text = toUsv(value);
    const pairs = this.#pairs;
    let found = false;
    for (let i = 0; i < pairs.length;) {
      if (pairs[i] !== key) {
        i += 2;
      } else if (found) {
        arraySplice(pairs, i, 2);
      } else {
        pairs[i + 1] = text;
        found = true;
        i += 2;
      }
    }
    if (!found) arrayPush(pairs, key, text);
    this.#update();
  }
  sort(): void {
    const pairs = this.#pairs;
    const couples: [string, string][] = [];
    for (let i = 0; i < pairs.length; i += 2)
      arrayPush(couples, [pairs[i] as string, pairs[i + 1] as string]);
    // Strings compare by code unit, and the sort is stable.
    arraySort(couples, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    for (let i = 0; i < couples.length; i++) {
      const couple = couples[i] as [string, string];
      pairs[i * 2] = couple[0];
      pairs[i * 2 + 1] = couple[1];
    }
    this.#update();
  }
  forEach(callback: (value: string, key: string, params: URLSearchParams) => void, thisArg?: unknown): void {
    need(1, arguments.length, "forEach");
    void this.#pairs;
    if (typeof callback !== "function")
      throw new TypeErrorOf(
        "Failed to execute 'forEach' on 'URLSearchParams': parameter 1 is not a function.",
      );
    for (let i = 0; i < this.#pairs.length; i += 2) {
      reflectApply(callback, thisArg, [this.#pairs[i + 1], this.#pairs[i], this]);
    }
  }
  entries(): IterableIterator<[string, string]> {
    return this.#iterate(StepOf.entries) as IterableIterator<[string, string]>;
  }
  keys(): IterableIterator<string> {
    return this.#iterate(StepOf.keys) as IterableIterator<string>;
  }
  values(): IterableIterator<string> {
    return this.#iterate(StepOf.values) as IterableIterator<string>;
  }
  toString(): string {
    return writeQuery(this.#pairs);
  }
  declare [Symbol.iterator]: () => IterableIterator<[string, string]>;

  #iterate(step: StepOf): IterableIterator<unknown> {
    void this.#pairs;
    return iteratePairs(() => this.#pairs, step);
  }
  #update(): void {
    this.#changed?.(writeQuery(this.#pairs));
  }

  static {
    objectDefineProperty(this.prototype, symbolIterator, dataDescriptor(this.prototype.entries, false));
    paramsInternals = {
      make(query, changed) {
        const params = new URLSearchParams();
        params.#pairs = parseQuery(query);
        params.#changed = changed;
        return params;
      },
      reset(params, query) {
        params.#pairs = parseQuery(query);
      },
    };
  }
}

function fromSequence(init: object, iterate: unknown): Pairs {
  if (typeof iterate !== "function")
    throw new TypeErrorOf("Failed to construct 'URLSearchParams': the object is not iterable.");
  const pairs: Pairs = [];
  // Iterating runs what the tenant put there, as for any other object of his.
  for (const entry of {
    [symbolIterator]: () => reflectApply(iterate, init, []) as Iterator<Iterable<string>>,
  }) {
    if (
      (typeof entry !== "object" && typeof entry !== "function") ||
      entry === null ||
      typeof entry[symbolIterator] !== "function"
    ) {
      throw new TypeErrorOf(
        "Failed to construct 'URLSearchParams': each entry must be iterable, as [name, value].",
      );
    }
    const couple: string[] = [];
    for (const item of entry) arrayPush(couple, toUsv(item));
    if (couple.length !== 2) {
      throw new TypeErrorOf(
        "Failed to construct 'URLSearchParams': each entry must have two members, [name, value].",
      );
    }
    arrayPush(pairs, couple[0] as string, couple[1] as string);
  }
  return pairs;
}

function fromRecord(init: Record<string, string>): Pairs {
  const pairs: Pairs = [];
  const keys = reflectOwnKeys(init);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    if (reflectGetOwnPropertyDescriptor(init, key)?.enumerable !== true) continue;
    const name = toUsv(key);
    const value = toUsv(init[key]);
    let at = 0;
    // Names that differ in lone surrogates only become one.
    while (at < pairs.length && pairs[at] !== name) at += 2;
    if (at < pairs.length && !stringIsWellFormed(key)) pairs[at + 1] = value;
    else arrayPush(pairs, name, value);
  }
  return pairs;
}
