import { DOMException } from "../dom-exception/dom-exception.ts";
import { io } from "../io/io.ts";
import { arrayIncludes, arrayIndexOf, arrayPush, arraySlice, arraySplice } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { objectFreeze, reflectApply } from "../primordials/object.ts";
import { promiseResolve, promiseThen } from "../primordials/promise.ts";
import { dictionary, requireArguments, requireConstructorArguments } from "../webidl/arguments.ts";
import { toSequence, toText } from "../webidl/convert.ts";
import { type PerformanceEntry, seedOf } from "./performance-entry.ts";
import { droppedEntries, keptEntries, selectEntries } from "./timeline.ts";

const SUPPORTED: readonly string[] = objectFreeze(["mark", "measure"]);

let makingList = false;
let listOf: (entries: readonly PerformanceEntry[]) => PerformanceObserverEntryList;

/** Hands a new entry to the observers of its type. */
export let tellObservers: (entry: PerformanceEntry) => void;
let callBack: () => void;

/** What an observer is given. Performance Timeline, 5.2. */
export class PerformanceObserverEntryList {
  #entries: readonly PerformanceEntry[] = [];

  constructor() {
    if (!makingList) throw new TypeErrorOf("Illegal constructor");
  }
  getEntries(): PerformanceEntry[] {
    return selectEntries(this.#entries, undefined, undefined);
  }
  getEntriesByType(type: string): PerformanceEntry[] {
    const entries = this.#entries;
    requireArguments("'getEntriesByType' on 'PerformanceObserverEntryList'", arguments.length, 1);
    return selectEntries(entries, undefined, toText(type));
  }
  getEntriesByName(name: string, ...args: [type?: string]): PerformanceEntry[] {
    const entries = this.#entries;
    const type = args[0];
    requireArguments("'getEntriesByName' on 'PerformanceObserverEntryList'", arguments.length, 1);
    return selectEntries(entries, toText(name), type === undefined ? undefined : toText(type));
  }

  static {
    listOf = (entries) => {
      makingList = true;
      try {
        const list = new PerformanceObserverEntryList();
        list.#entries = entries;
        return list;
      } finally {
        makingList = false;
      }
    };
  }
}

export interface PerformanceObserverInit {
  entryTypes?: Iterable<string>;
  type?: string;
  buffered?: boolean;
}

type Callback = (
  list: PerformanceObserverEntryList,
  observer: PerformanceObserver,
  options: { droppedEntriesCount?: number },
) => unknown;

const observers: PerformanceObserver[] = [];
let queued = false;
const ready = promiseResolve(undefined);

/**
 * Is told of new entries. The callbacks run when the code of the moment is done, as a microtask of its slice,
 * so that they belong to the event that made the entries. Performance Timeline, 5.
 */
export class PerformanceObserver {
  readonly #callback: Callback;
  #mode: "none" | "single" | "multiple" = "none";
  #types: string[] = [];
  #buffer: PerformanceEntry[] = [];
  #tellDropped = false;

  constructor(callback: Callback) {
    requireConstructorArguments("PerformanceObserver", arguments.length, 1);
    if (typeof callback !== "function")
      throw new TypeErrorOf("Failed to construct 'PerformanceObserver': the callback is not a function.");
    this.#callback = callback;
  }

  static get supportedEntryTypes(): readonly string[] {
    return SUPPORTED;
  }

  observe(options: PerformanceObserverInit = {}): void {
    const mode = this.#mode;
    const given = dictionary(options, "The argument of 'observe'");
    const buffered = Boolean(given.buffered);
    const listed = given.entryTypes;
    const types = listed === undefined ? undefined : texts(toSequence(listed, "'entryTypes'"));
    const type = given.type === undefined ? undefined : toText(given.type);
    if (types === undefined && type === undefined)
      throw new TypeErrorOf("An observer needs 'entryTypes' or a 'type'.");
    if (types !== undefined && type !== undefined)
      throw new TypeErrorOf("An observer takes 'entryTypes' alone.");
    if (mode === (types === undefined ? "multiple" : "single")) {
      throw new DOMException(
        "An observer cannot go over from 'type' to 'entryTypes' or back.",
        "InvalidModificationError",
      );
    }
    this.#mode = types === undefined ? "single" : "multiple";
    this.#tellDropped = true;
    if (types !== undefined) {
      const known = supported(types);
      if (known.length === 0) return;
      this.#types = known;
      this.#register();
      return;
    }
    if (!arrayIncludes(SUPPORTED, type as string)) return;
    if (!arrayIncludes(this.#types, type as string)) arrayPush(this.#types, type as string);
    this.#register();
    if (!buffered) return;
    const past = selectEntries(keptEntries(), undefined, type);
    for (let i = 0; i < past.length; i++) arrayPush(this.#buffer, past[i] as PerformanceEntry);
    queueCallbacks();
  }

  disconnect(): void {
    this.#types = [];
    this.#buffer = [];
    this.#mode = "none";
    const index = arrayIndexOf(observers, this);
    if (index >= 0) arraySplice(observers, index, 1);
  }

  takeRecords(): PerformanceEntry[] {
    const records = this.#buffer;
    this.#buffer = [];
    return records;
  }

  #register(): void {
    if (!arrayIncludes(observers, this)) arrayPush(observers, this);
  }

  static {
    tellObservers = (entry) => {
      const { entryType } = seedOf(entry);
      for (let i = 0; i < observers.length; i++) {
        const observer = observers[i] as PerformanceObserver;
        if (!arrayIncludes(observer.#types, entryType)) continue;
        arrayPush(observer.#buffer, entry);
        queueCallbacks();
      }
    };
    callBack = () => {
      queued = false;
      const now = arraySlice(observers);
      for (let i = 0; i < now.length; i++) {
        const observer = now[i] as PerformanceObserver;
        const entries = observer.#buffer;
        if (entries.length === 0) continue;
        observer.#buffer = [];
        const options: { droppedEntriesCount?: number } = {};
        if (observer.#tellDropped) {
          observer.#tellDropped = false;
          options.droppedEntriesCount = droppedOf(observer.#types);
        }
        try {
          reflectApply(observer.#callback, observer, [listOf(entries), observer, options]);
        } catch (error) {
          io.reportException(error);
        }
      }
    };
  }
}

function queueCallbacks(): void {
  if (queued) return;
  queued = true;
  void promiseThen(ready, callBack);
}

function droppedOf(types: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < types.length; i++) count += droppedEntries(types[i] as string);
  return count;
}

function texts(values: readonly unknown[]): string[] {
  const list: string[] = [];
  for (let i = 0; i < values.length; i++) arrayPush(list, toText(values[i]));
  return list;
}

function supported(types: readonly string[]): string[] {
  const known: string[] = [];
  for (let i = 0; i < SUPPORTED.length; i++)
    if (arrayIncludes(types, SUPPORTED[i] as string)) arrayPush(known, SUPPORTED[i] as string);
  return known;
}
