import type { FlatHeaders } from "../contract/flat.ts";
import { pairIterators } from "../form-data/pair-iterator.ts";
import { arrayJoin, arrayPush, arraySlice, arraySort } from "../primordials/array.ts";
import { objectDefineProperty, reflectApply } from "../primordials/object.ts";
import { stringSplit } from "../primordials/string.ts";
import { shapeInterface } from "../globals/define.ts";
import { fillHeaders } from "./fill-headers.ts";
import { headerName, headerValue, wireName } from "./header-syntax.ts";

/** Who may change headers. Requests and responses of a worker have no forbidden names, as on Workers. */
export type HeadersGuard = "none" | "request" | "response" | "immutable";
/** What `new Headers` takes. */
export type HeadersInit = Headers | Iterable<Iterable<string>> | Record<string, string>;

const NONE: readonly string[] = [];

let copyInto: (target: Headers, source: Headers) => void;
let make: (flat: FlatHeaders, guard: HeadersGuard, spelled: readonly string[]) => Headers;
let spelledOf: (headers: Headers) => readonly string[];
let flatOf: (headers: Headers) => FlatHeaders;
let getValue: (headers: Headers, key: string) => string | null;
let addDefault: (headers: Headers, name: string, value: string) => void;
let setGuard: (headers: Headers, guard: HeadersGuard) => void;
let brand: (value: unknown) => value is Headers;
let sortedOf: (headers: Headers) => readonly (readonly [string, string])[];

/** Header fields. They stay in the one string in which they came until somebody asks for one. */
export class Headers {
  /** The fields as they came, while nothing was asked; else undefined. */
  #flat: FlatHeaders | undefined = "";
  /** `name, value, name, value, …` in the order of the wire, names in lower case. */
  #list: string[] = [];
  /** Sorted and combined for iteration; undefined where it must be made again. */
  #sorted: [string, string][] | undefined;
  /** Names that are not all lower case, as they were written first. */
  #spelled: readonly string[] = NONE;
  #guard: HeadersGuard = "none";

  constructor(init?: HeadersInit) {
    if (init === undefined) return;
    if (brand(init) && init[Symbol.iterator] === originalIterator) copyInto(this, init);
    else {
      const list = this.#list;
      fillHeaders(init, (name, value, written) => {
        if (written !== name) this.#spell(name, written);
        arrayPush(list, name, value);
      });
      this.#flat = undefined;
    }
  }

  append(name: string, value: string): void {
    this.#requireArguments("append", arguments.length, 2);
    this.#add(name, value);
  }

  delete(name: string): void {
    this.#requireArguments("delete", arguments.length, 1);
    const key = headerName(name);
    this.#requireMutable();
    const list = this.#parsed();
    if (find(list, key, 0) < 0) return;
    this.#list = without(list, key, 0);
    this.#forgetSpelling(key);
    this.#changed();
  }

  get(name: string): string | null {
    this.#requireArguments("get", arguments.length, 1);
    this.#parsed();
    return getValue(this, headerName(name));
  }

  getSetCookie(): string[] {
    const list = this.#parsed();
    const values: string[] = [];
    for (let at = find(list, "set-cookie", 0); at >= 0; at = find(list, "set-cookie", at + 2))
      arrayPush(values, list[at + 1] as string);
    return values;
  }

  /** As on Workers: the values of `Set-Cookie` one by one. */
  getAll(name: string): string[] {
    this.#requireArguments("getAll", arguments.length, 1);
    if (headerName(name) !== "set-cookie")
      throw new TypeError('getAll() can only be used with the header name "Set-Cookie".');
    return this.getSetCookie();
  }

  has(name: string): boolean {
    this.#requireArguments("has", arguments.length, 1);
    return find(this.#parsed(), headerName(name), 0) >= 0;
  }

  set(name: string, value: string): void {
    this.#requireArguments("set", arguments.length, 2);
    const written = `${name}`;
    const key = headerName(written);
    const text = headerValue(value);
    this.#requireMutable();
    const list = this.#parsed();
    if (written !== key) this.#spell(key, written);
    const at = find(list, key, 0);
    if (at < 0) arrayPush(list, key, text);
    else {
      list[at + 1] = text;
      if (find(list, key, at + 2) >= 0) this.#list = without(list, key, at + 2);
    }
    this.#changed();
  }

  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArg?: unknown): void {
    this.#requireArguments("forEach", arguments.length, 1);
    if (typeof callback !== "function")
      throw new TypeError('Cannot execute "forEach" on Headers: the callback is not a function');
    for (let i = 0, pairs = sortedOf(this); i < pairs.length; i++, pairs = sortedOf(this)) {
      const pair = pairs[i] as readonly [string, string];
      reflectApply(callback, thisArg, [pair[1], pair[0], this]);
    }
  }

  entries(): IterableIterator<[string, string]> {
    this.#parsed();
    return iterate(this, "entry");
  }

  keys(): IterableIterator<string> {
    this.#parsed();
    return iterate(this, "key");
  }

  values(): IterableIterator<string> {
    this.#parsed();
    return iterate(this, "value");
  }

  declare [Symbol.iterator]: () => IterableIterator<[string, string]>;

  #requireArguments(method: string, given: number, needed: number): void {
    if (given < needed)
      throw new TypeError(
        `Cannot execute "${method}" on Headers: ${needed} argument${needed > 1 ? "s" : ""} required, ${given} given`,
      );
  }

  #requireMutable(): void {
    if (this.#guard === "immutable") throw new TypeError("Can't modify immutable headers.");
  }

  #add(name: unknown, value: unknown): void {
    const written = `${name as string}`;
    const key = headerName(written);
    const text = headerValue(value);
    this.#requireMutable();
    const list = this.#parsed();
    if (written !== key) this.#spell(key, written);
    arrayPush(list, key, text);
    this.#changed();
  }

  /** Remembers how a name is written that is about to come, unless it is there already. */
  #spell(key: string, written: string): void {
    if (find(this.#list, key, 0) < 0) {
      // A list is shared by copies: each has its own once it differs.
      const spelled = arraySlice(this.#spelled);
      arrayPush(spelled, written);
      this.#spelled = spelled;
    }
  }

  #forgetSpelling(key: string): void {
    const spelled = this.#spelled;
    const kept: string[] = [];
    for (let i = 0; i < spelled.length; i++)
      if (headerName(spelled[i]) !== key) arrayPush(kept, spelled[i] as string);
    this.#spelled = kept;
  }

  #changed(): void {
    this.#flat = undefined;
    this.#sorted = undefined;
  }

  #parsed(): string[] {
    const flat = this.#flat;
    if (flat !== undefined && flat !== "" && this.#list.length === 0) {
      const list = stringSplit(flat, "\n");
      for (let i = 0; i < list.length; i += 2) list[i] = wireName(list[i] as string);
      this.#list = list;
    }
    return this.#list;
  }

  static {
    brand = (value): value is Headers => typeof value === "object" && value !== null && #guard in value;
    make = (flat, guard, spelled) => {
      const headers = new Headers();
      headers.#flat = flat;
      headers.#guard = guard;
      headers.#spelled = spelled;
      return headers;
    };
    spelledOf = (headers) => headers.#spelled;
    copyInto = (target, source) => {
      target.#spelled = source.#spelled;
      target.#flat = source.#flat;
      // A list that is still described by its text is parsed again where it is needed.
      if (source.#flat === undefined) target.#list = arraySlice(source.#list);
    };
    flatOf = (headers) => (headers.#flat ??= arrayJoin(headers.#list, "\n"));
    getValue = (headers, key) => {
      const list = headers.#parsed();
      let at = find(list, key, 0);
      if (at < 0) return null;
      let value = list[at + 1] as string;
      while ((at = find(list, key, at + 2)) >= 0) value += `, ${list[at + 1]}`;
      return value;
    };
    addDefault = (headers, name, value) => {
      const list = headers.#parsed();
      if (find(list, name, 0) >= 0) return;
      arrayPush(list, name, value);
      headers.#changed();
    };
    setGuard = (headers, guard) => {
      headers.#guard = guard;
    };
    sortedOf = (headers) => (headers.#sorted ??= sortAndCombine(headers.#parsed()));
  }
}
shapeInterface(Headers, "Headers");
objectDefineProperty(Headers.prototype, Symbol.iterator, {
  value: Headers.prototype.entries,
  configurable: true,
  enumerable: false,
  writable: true,
});
const originalIterator = Headers.prototype.entries;
const iterate = pairIterators<Headers, string>("Headers", (headers) => sortedOf(headers));

function find(list: readonly string[], key: string, from: number): number {
  for (let i = from; i < list.length; i += 2) if (list[i] === key) return i;
  return -1;
}

function without(list: readonly string[], key: string, from: number): string[] {
  const kept = arraySlice(list, 0, from);
  for (let i = from; i < list.length; i += 2) {
    if (list[i] !== key) arrayPush(kept, list[i] as string, list[i + 1] as string);
  }
  return kept;
}

/** Pairs in order of their names; equal names are combined, but for cookies, which must not be. */
function sortAndCombine(list: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i < list.length; i += 2) arrayPush(pairs, [list[i] as string, list[i + 1] as string]);
  arraySort(pairs, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const combined: [string, string][] = [];
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i] as [string, string];
    const last = combined[combined.length - 1];
    if (last !== undefined && last[0] === pair[0] && pair[0] !== "set-cookie") last[1] += `, ${pair[1]}`;
    else arrayPush(combined, pair);
  }
  return combined;
}

/** Headers over a text of the wire, which is not parsed before it is asked. */
export function headersFromFlat(
  flat: FlatHeaders,
  guard: HeadersGuard,
  spelled: readonly string[] = NONE,
): Headers {
  return make(flat, guard, spelled);
}

/** Names that are not all lower case, as they were written first. */
export function headersSpelled(headers: Headers): readonly string[] {
  return spelledOf(headers);
}

/** The fields as one text for the wire. */
export function headersToFlat(headers: Headers): FlatHeaders {
  return flatOf(headers);
}

/** The value of a field by its name in lower case; empty if there is none. */
export function headersValue(headers: Headers, name: string): string {
  return getValue(headers, name) ?? "";
}

/** Adds a field, name and value in their final form, unless there is one. */
export function headersDefault(headers: Headers, name: string, value: string): void {
  addDefault(headers, name, value);
}

/** Sets who may change the headers from now on. */
export function guardHeaders(headers: Headers, guard: HeadersGuard): void {
  setGuard(headers, guard);
}
