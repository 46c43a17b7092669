import { clockMs } from "../performance/clock.ts";
import { mathTrunc } from "../primordials/values.ts";

/** Whole ms since the epoch by the clock of the slice. */
export function nowMs(): number {
  return mathTrunc(clockMs());
}
