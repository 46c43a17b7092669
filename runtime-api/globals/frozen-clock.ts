import { nativeIntl } from "../intl/native.ts";
import { clockMs } from "../performance/clock.ts";
import { WeakMapOf, weakMapGet, weakMapSet } from "../primordials/collections.ts";
import {
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
  reflectApply,
  reflectConstruct,
} from "../primordials/object.ts";
import { DateOf, mathTrunc } from "../primordials/values.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { defineBuiltin, replaceConstructor } from "./wrap.ts";

const dateToString = uncurry(Date.prototype.toString);

/** Whole ms since the epoch by the clock of the slice. */
function nowMs(): number {
  return mathTrunc(clockMs());
}

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

type TemporalNamespace = {
  Now: object;
  Instant: {
    fromEpochMilliseconds(ms: number): object;
    prototype: { toZonedDateTimeISO(zone: unknown): object };
  };
  ZonedDateTime: { prototype: { toPlainDateTime(): object; toPlainDate(): object; toPlainTime(): object } };
};

/** Makes `Temporal.Now`, which ticks every microsecond, read the clock of the slice. */
function replaceTemporalNow(global: object): void {
  const temporal = (global as { Temporal?: TemporalNamespace }).Temporal;
  if (temporal === undefined) return;
  const { Instant, ZonedDateTime } = temporal;
  const fromMs = Instant.fromEpochMilliseconds;
  const zoned = uncurry(Instant.prototype.toZonedDateTimeISO) as (self: object, zone: unknown) => object;
  const dateTime = uncurry(ZonedDateTime.prototype.toPlainDateTime) as (self: object) => object;
  const date = uncurry(ZonedDateTime.prototype.toPlainDate) as (self: object) => object;
  const time = uncurry(ZonedDateTime.prototype.toPlainTime) as (self: object) => object;
  const instant = (): object => reflectApply(fromMs, Instant, [nowMs()]) as object;
  const inZone = (zone: unknown = "UTC"): object => zoned(instant(), zone);
  const now = {
    instant: () => instant(),
    timeZoneId: () => "UTC",
    zonedDateTimeISO: (zone?: unknown) => inZone(zone),
    plainDateTimeISO: (zone?: unknown) => dateTime(inZone(zone)),
    plainDateISO: (zone?: unknown) => date(inZone(zone)),
    plainTimeISO: (zone?: unknown) => time(inZone(zone)),
  };
  objectDefineProperty(now, Symbol.toStringTag, { value: "Temporal.Now", configurable: true });
  defineBuiltin(temporal, "Now", now);
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
  replaceTemporalNow(global);
  replaceFormatNow();
}
