import { blobBytes } from "../blob/blob.ts";
import type { Blob } from "../blob/blob.ts";
import type { File } from "../blob/file.ts";
import { fileOf, isFile } from "../blob/file.ts";
import { arrayPush } from "../primordials/array.ts";
import { objectDefineProperty, reflectApply } from "../primordials/object.ts";
import { stringToWellFormed } from "../primordials/string.ts";
import { shapeInterface } from "../globals/define.ts";
import { pairIterators } from "./pair-iterator.ts";

/** A value of a form: text, or a file. */
export type FormDataValue = string | File;
/** One name and value of a form. */
export type FormDataEntry = readonly [name: string, value: FormDataValue];

function requireArguments(method: string, given: number, needed: number): void {
  if (given < needed)
    throw new TypeError(
      `Cannot execute "${method}" on FormData: ${needed} argument${needed > 1 ? "s" : ""} required, ${given} given`,
    );
}

/** Makes an entry as the standard does: text becomes well formed, a blob becomes a file. */
function makeEntry(
  method: string,
  name: unknown,
  value: unknown,
  filename: unknown,
  hasFilename: boolean,
): FormDataEntry {
  const entryName = stringToWellFormed(`${name as string}`);
  const bytes = blobBytes(value);
  if (bytes === undefined) {
    if (hasFilename)
      throw new TypeError(
        `Cannot execute "${method}" on FormData: a file name is given, but the value is not a Blob`,
      );
    return [entryName, stringToWellFormed(`${value as string}`)];
  }
  if (!hasFilename && isFile(value)) return [entryName, value];
  const blob = value as Blob;
  const fileName = hasFilename ? stringToWellFormed(`${filename as string}`) : "blob";
  return [entryName, fileOf(bytes, fileName, blob.type, isFile(blob) ? blob.lastModified : undefined)];
}

let entriesOf: (form: FormData) => FormDataEntry[];
let brand: (value: unknown) => boolean;

/** The fields of a form, in order. */
export class FormData {
  #entries: FormDataEntry[] = [];

  constructor(form?: undefined) {
    if (form !== undefined)
      throw new TypeError("Cannot make a FormData from a form: there are no form elements here");
  }

  append(name: string, value: string | Blob, filename?: string): void {
    const entries = this.#entries;
    requireArguments("append", arguments.length, 2);
    arrayPush(entries, makeEntry("append", name, value, filename, filename !== undefined));
  }

  delete(name: string): void {
    const entries = this.#entries;
    requireArguments("delete", arguments.length, 1);
    const key = stringToWellFormed(`${name}`);
    const kept: FormDataEntry[] = [];
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as FormDataEntry;
      if (entry[0] !== key) arrayPush(kept, entry);
    }
    this.#entries = kept;
  }

  get(name: string): FormDataValue | null {
    const entries = this.#entries;
    requireArguments("get", arguments.length, 1);
    const key = stringToWellFormed(`${name}`);
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as FormDataEntry;
      if (entry[0] === key) return entry[1];
    }
    return null;
  }

  getAll(name: string): FormDataValue[] {
    const entries = this.#entries;
    requireArguments("getAll", arguments.length, 1);
    const key = stringToWellFormed(`${name}`);
    const found: FormDataValue[] = [];
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as FormDataEntry;
      if (entry[0] === key) arrayPush(found, entry[1]);
    }
    return found;
  }

  has(name: string): boolean {
    const entries = this.#entries;
    requireArguments("has", arguments.length, 1);
    const key = stringToWellFormed(`${name}`);
    for (let i = 0; i < entries.length; i++) if ((entries[i] as FormDataEntry)[0] === key) return true;
    return false;
  }

  set(name: string, value: string | Blob, filename?: string): void {
    const entries = this.#entries;
    requireArguments("set", arguments.length, 2);
    const entry = makeEntry("set", name, value, filename, filename !== undefined);
    const kept: FormDataEntry[] = [];
    let placed = false;
    for (let i = 0; i < entries.length; i++) {
      const old = entries[i] as FormDataEntry;
      if (old[0] !== entry[0]) arrayPush(kept, old);
      else if (!placed) {
        arrayPush(kept, entry);
        placed = true;
      }
    }
    if (!placed) arrayPush(kept, entry);
    this.#entries = kept;
  }

  forEach(callback: (value: FormDataValue, name: string, form: FormData) => void, thisArg?: unknown): void {
    const entries = this.#entries;
    if (typeof callback !== "function")
      throw new TypeError('Cannot execute "forEach" on FormData: the callback is not a function');
    for (let i = 0, list = entries; i < list.length; i++, list = this.#entries) {
      const entry = list[i] as FormDataEntry;
      reflectApply(callback, thisArg, [entry[1], entry[0], this]);
    }
  }

  entries(): IterableIterator<[string, FormDataValue]> {
    return iterate(requireForm(this), "entry");
  }

  keys(): IterableIterator<string> {
    return iterate(requireForm(this), "key");
  }

  values(): IterableIterator<FormDataValue> {
    return iterate(requireForm(this), "value");
  }

  declare [Symbol.iterator]: () => IterableIterator<[string, FormDataValue]>;

  static {
    brand = (value) => typeof value === "object" && value !== null && #entries in value;
    entriesOf = (form) => form.#entries;
  }
}
shapeInterface(FormData, "FormData");
objectDefineProperty(FormData.prototype, Symbol.iterator, {
  value: FormData.prototype.entries,
  configurable: true,
  enumerable: false,
  writable: true,
});

const iterate = pairIterators<FormData, FormDataValue>("FormData", (form) => entriesOf(form));

function requireForm(form: FormData): FormData {
  entriesOf(form);
  return form;
}

/** Whether the value is a FormData, by its brand. */
export function isFormData(value: unknown): value is FormData {
  return brand(value);
}

/** The entries of a form: its own list, which the caller never changes. */
export function formDataEntries(form: FormData): readonly FormDataEntry[] {
  return entriesOf(form);
}

/** Puts an entry at the end without conversion, for parsers. */
export function addEntry(form: FormData, name: string, value: FormDataValue): void {
  arrayPush(entriesOf(form), [name, value]);
}
