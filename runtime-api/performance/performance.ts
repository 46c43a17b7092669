import { EventTarget } from "../events/event-target.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { clockMs } from "./clock.ts";

let constructing = false;

/**
 * `performance`: its clock is that of the slice and stands still while code runs, as on
 * Cloudflare. The origin is 0, so that `now()` equals `Date.now()`.
 */
export class Performance extends EventTarget {
  #brand = true;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
    super();
  }
  get timeOrigin(): number {
    void this.#brand;
    return 0;
  }
  now(): number {
    void this.#brand;
    return clockMs();
  }
  toJSON(): object {
    void this.#brand;
    return { timeOrigin: 0 };
  }
}

constructing = true;
/** The only instance. */
export const performance: Performance = new Performance();
constructing = false;
