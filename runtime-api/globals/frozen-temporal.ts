import { dataDescriptor, objectDefineProperty, objectHasOwn, reflectApply } from "../primordials/object.ts";
import { DateOf, symbolToStringTag } from "../primordials/values.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { defineLazily } from "./lazy.ts";
import { nowMs } from "./now-ms.ts";
import { defineBuiltin } from "./wrap.ts";

type Maker = (...args: unknown[]) => Made;
/** Any object of Temporal's, with the methods that lead to one of another class. */
interface Made {
  readonly constructor: { readonly prototype: Made; fromEpochMilliseconds: Maker };
  readonly since: Maker;
  readonly toZonedDateTimeISO: Maker;
  readonly toPlainDateTime: Maker;
  readonly toPlainDate: Maker;
  readonly toPlainTime: Maker;
  readonly toPlainYearMonth: Maker;
  readonly toPlainMonthDay: Maker;
}

/**
 * Takes V8's `Temporal` away, whose `Now` ticks every microsecond, before V8 has made it: in each isolate its classes
 * take as much as those of the whole runtime. Where a worker asks for it, it is put together from what a date leads to,
 * with a `Now` that reads the clock of the slice; V8's own `Now` is then out of everybody's reach.
 */
export function freezeTemporal(global: object): void {
  if (!objectHasOwn(global, "Temporal")) return;
  // Looking at the property would make V8 define the classes; deleting it does not.
  delete (global as { Temporal?: unknown }).Temporal;
  defineLazily(global, ["Temporal"], exposeTemporal);
}

/** A worker that has replaced `Date.prototype.toTemporalInstant` gets what comes of that. */
function exposeTemporal(target: object): void {
  const instant = (new DateOf(0) as unknown as { toTemporalInstant(): Made }).toTemporalInstant();
  const zoned = instant.toZonedDateTimeISO("UTC");
  const date = zoned.toPlainDate();
  const temporal = {};
  defineBuiltin(temporal, "Now", makeNow(instant, zoned));
  const classes: readonly (readonly [name: string, sample: Made])[] = [
    ["PlainDate", date],
    ["PlainTime", zoned.toPlainTime()],
    ["PlainDateTime", zoned.toPlainDateTime()],
    ["ZonedDateTime", zoned],
    ["Duration", instant.since(instant)],
    ["Instant", instant],
    ["PlainYearMonth", date.toPlainYearMonth()],
    ["PlainMonthDay", date.toPlainMonthDay()],
  ];
  for (let i = 0; i < classes.length; i++) {
    const [name, sample] = classes[i] as (typeof classes)[number];
    defineBuiltin(temporal, name, sample.constructor);
  }
  objectDefineProperty(temporal, symbolToStringTag, dataDescriptor("Temporal", false, false));
  objectDefineProperty(target, "Temporal", dataDescriptor(temporal, false));
}

function makeNow({ constructor: Instant }: Made, { constructor: ZonedDateTime }: Made): object {
  const fromMs = Instant.fromEpochMilliseconds;
  const toZoned = uncurry(Instant.prototype.toZonedDateTimeISO) as (self: object, zone: unknown) => object;
  const toDateTime = uncurry(ZonedDateTime.prototype.toPlainDateTime) as (self: object) => object;
  const toDate = uncurry(ZonedDateTime.prototype.toPlainDate) as (self: object) => object;
  const toTime = uncurry(ZonedDateTime.prototype.toPlainTime) as (self: object) => object;
  const instant = (): object => reflectApply(fromMs, Instant, [nowMs()]) as object;
  const inZone = (zone: unknown): object => toZoned(instant(), zone);
  const methods: Record<string, (zone?: unknown) => unknown> = {
    instant: () => instant(),
    timeZoneId: () => "UTC",
    plainDateTimeISO: (zone = "UTC") => toDateTime(inZone(zone)),
    zonedDateTimeISO: (zone = "UTC") => inZone(zone),
    plainDateISO: (zone = "UTC") => toDate(inZone(zone)),
    plainTimeISO: (zone = "UTC") => toTime(inZone(zone)),
  };
  const now = {};
  for (const name in methods) defineBuiltin(now, name, methods[name]);
  objectDefineProperty(now, symbolToStringTag, dataDescriptor("Temporal.Now", false, false));
  return now;
}
