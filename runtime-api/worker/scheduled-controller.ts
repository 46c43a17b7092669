import { symbolToStringTag } from "../primordials/values.ts";

/** The first argument of a `scheduled` handler. */
export class ScheduledController {
  readonly cron: string;
  /** When the event was due, in ms since the epoch. */
  readonly scheduledTime: number;

  constructor(cron: string, scheduledTimeMs: number) {
    this.cron = cron;
    this.scheduledTime = scheduledTimeMs;
  }

  /** Asks that a failed event is not run again. Nothing runs a cron event twice, so it does nothing. */
  noRetry(): void {}

  get [symbolToStringTag](): string {
    return "ScheduledController";
  }
}
