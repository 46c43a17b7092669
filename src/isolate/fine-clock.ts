import type ivm from "isolated-vm";
import type { LiveIsolate } from "./live-isolate.ts";

/**
 * CPU of turns of many slices, in microseconds, that is divided among their events by a clock which ticks every
 * millisecond. So much may be charged to the wrong event of an isolate in all its life.
 */
const COARSE_US = 3_000;

/** V8 has one other clock than `Date.now`, and makes the classes around it where they are asked for. */
const CLOCK = `(() => {
  const { instant } = Temporal.Now;
  const { get } = Object.getOwnPropertyDescriptor(Temporal.Instant.prototype, "epochNanoseconds");
  const nanoseconds = Function.prototype.call.bind(get);
  const toNumber = Number;
  return () => toNumber(nanoseconds(instant()) / 1_000n);
})()`;

/**
 * Counts a turn of many slices, and says whether it is time to give its isolate a finer clock.
 * @param cpuUs CPU of the turn, in microseconds
 */
export function wantsFineClock(live: LiveIsolate, cpuUs: number): boolean {
  live.sharedUs += cpuUs;
  if (live.sharedUs < COARSE_US || live.sharedUs === Infinity) return false;
  live.sharedUs = Infinity;
  return true;
}

/**
 * Gives an isolate in which nothing runs a clock for its `slice` records. The clock is of a realm of its own, some 400 KB
 * that an isolate with one event at a time never needs: tenants' code has nothing there to time itself with, and never
 * meets what is in it.
 */
export async function giveFineClock(live: LiveIsolate): Promise<void> {
  const { isolate, runtime } = live.spare;
  const realm = await live.track(isolate.createContext());
  const clock = (await live.track(realm.eval(CLOCK, { reference: true }))) as unknown as ivm.Reference;
  const setClock = (await live.track(
    runtime.get("setClock", { reference: true }),
  )) as unknown as ivm.Reference;
  await live.track(setClock.apply(undefined, [clock.derefInto({ release: true })]));
  setClock.release();
  realm.release();
}
