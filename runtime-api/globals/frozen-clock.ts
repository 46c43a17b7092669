import { nativeIntl } from "../intl/native.ts";
import { WeakMapOf, weakMapGet, weakMapSet } from "../primordials/collections.ts";
import {
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  reflectApply,
  reflectConstruct,
} from "../primordials/object.ts";
import { DateOf } from "../primordials/values.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { freezeTemporal } from "./frozen-temporal.ts";
import { nowMs } from "./now-ms.ts";
import { defineBuiltin, replaceConstructor } from "./wrap.ts";

const dateToString = uncurry(Date.prototype.toString);

/** Makes `Date` read the clock of the slice. */
function replaceDate(global: object): void {
  const Native = DateOf;
  function Date(...args: unknown[]): unknown {
    if (new.target === undefined) return dateToString(new Native(nowMs()));
    return reflectConstruct(Native, args.length === 0 ? [nowMs()] : args, new.target);
  }
  replaceConstructor(Native, Date);
  defineBuiltin(Date, "now", { now: (): number => nowMs() }.now);
  defineBuiltin(global, "Date", Date);
}

/** Makes `Intl.DateTimeFormat` format the slice's clock where it is given no date. */
function replaceFormatNow(): void {
  const prototype = nativeIntl.DateTimeFormat.prototype as object;
  const descriptor = objectGetOwnPropertyDescriptor(prototype, "format") as PropertyDescriptor;
  const nativeFormat = descriptor.get as () => (date: unknown) => string;
  const formats = new WeakMapOf<object, (date?: unknown) => string>();
  descriptor.get = function (this: unknown): unknown {
    const native = reflectApply(nativeFormat, this, []) as (date: unknown) => string;
    let format = weakMapGet(formats, native);
    if (format === undefined) {
      format = (date) => native(date === undefined ? nowMs() : date);
      weakMapSet(formats, native, format);
    }
    return format;
  };
  objectDefineProperty(descriptor.get, "name", { value: "get format", configurable: true });
  objectDefineProperty(prototype, "format", descriptor);
  const parts = objectGetOwnPropertyDescriptor(prototype, "formatToParts") as PropertyDescriptor;
  const nativeParts = parts.value as (date: unknown) => unknown;
  parts.value = {
    formatToParts(this: unknown, date: unknown): unknown {
      return reflectApply(nativeParts, this, [date === undefined ? nowMs() : date]);
    },
  }.formatToParts;
  objectDefineProperty(prototype, "formatToParts", parts);
}

/** Gives every clock of the language that of the slice. */
export function freezeClocks(global: object): void {
  replaceDate(global);
  freezeTemporal(global);
  replaceFormatNow();
}
