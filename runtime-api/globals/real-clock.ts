import { uncurry } from "../primordials/uncurry.ts";

interface TemporalNow {
  readonly Now: { instant(): object };
  readonly Instant: { readonly prototype: object };
}
const temporal = (globalThis as { Temporal?: TemporalNow }).Temporal;
const instant = temporal?.Now.instant;
const epochNanoseconds =
  temporal === undefined
    ? undefined
    : (uncurry(
        Reflect.getOwnPropertyDescriptor(temporal.Instant.prototype, "epochNanoseconds")?.get as () => bigint,
      ) as (self: object) => bigint);
const NumberOf = Number;
const dateNow = Date.now;

/** A clock that really ticks, in microseconds. For the runtime only: tenants must not time anything with it. */
export function monotonicUs(): number {
  if (instant === undefined || epochNanoseconds === undefined) return dateNow() * 1_000;
  return NumberOf(epochNanoseconds(instant()) / 1_000n);
}
