import { nameConstructor } from "../globals/define.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { symbolToStringTag } from "../primordials/values.ts";

/** The first argument of a `scheduled` handler. What it says cannot be changed, as on Cloudflare. */
export class ScheduledController {
  readonly #brand = true;
  declare readonly cron: string;
  /** When the event was due, in ms since the epoch. */
  declare readonly scheduledTime: number;

  constructor(cron: string, scheduledTimeMs: number) {
    objectDefineProperty(this, "cron", dataDescriptor(cron, true, false, false));
    objectDefineProperty(this, "scheduledTime", dataDescriptor(scheduledTimeMs, true, false, false));
  }

  /** Asks that a failed event is not run again. Nothing runs a cron event twice, so it does nothing. */
  noRetry(): void {
    // Reading it is the check that this is a controller.
    void this.#brand;
  }

  get [symbolToStringTag](): string {
    return "ScheduledController";
  }
}
nameConstructor(ScheduledController, "ScheduledController");
