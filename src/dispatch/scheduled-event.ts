import { In } from "../../runtime-api/contract/in.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { Acquired } from "../warm/group.ts";
import { type EventHost, type EventIntro, RunningEvent } from "./running-event.ts";

/** A cron trigger that is due. */
export interface ScheduledTrigger {
  readonly cron: string;
  readonly scheduledTimeMs: number;
}

/** One cron trigger in one isolate. */
export class ScheduledEvent extends RunningEvent {
  readonly #trigger: ScheduledTrigger;
  readonly #over = Promise.withResolvers<Outcome | "restart">();

  constructor(host: EventHost, intro: EventIntro, acquired: Acquired, trigger: ScheduledTrigger) {
    super(host, intro, acquired);
    this.#trigger = trigger;
  }

  /** Sends the trigger in, and resolves when the event is over. Never rejects. */
  run(): Promise<Outcome | "restart"> {
    this.send({ type: In.scheduled, event: this.event, ...this.#trigger });
    return this.#over.promise;
  }

  protected get responded(): boolean {
    return false;
  }

  protected get status(): null {
    return null;
  }

  protected head(): void {
    this.stop("internalError");
  }

  protected over(outcome: Outcome, restart: boolean): void {
    this.#over.resolve(restart ? "restart" : outcome);
  }
}
