/** What a step of V8's `Date.now` is, in microseconds. */
const STEP_US = 1_000;
const dateNow = Date.now;

let fine: (() => number) | undefined;

/**
 * Hands over a clock that ticks every microsecond. It is of another realm, which has what this one lost: neither it nor
 * what it throws may reach a worker.
 */
export function setFineClock(clock: () => number): void {
  fine = clock;
}

/**
 * A clock that really ticks, in microseconds; in steps of a millisecond until the cell has given a finer one. For the
 * runtime only: tenants must not time anything with it.
 */
export function monotonicUs(): number {
  if (fine !== undefined) {
    try {
      return fine();
    } catch {
      // An error of that realm.
    }
  }
  return dateNow() * STEP_US;
}

/** How long something took at least, in microseconds: by the clock of long steps, one step may be another's doing. */
export function leastUs(fromUs: number, toUs: number): number {
  const us = toUs - fromUs - (fine === undefined ? STEP_US : 0);
  return us > 0 ? us : 0;
}
