import { In } from "../../runtime-api/contract/in.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { Acquired } from "../warm/group.ts";
import type { Again } from "../warm/event-sink.ts";
import { type EventHost, type EventIntro, RunningEvent } from "./running-event.ts";

/** A cron trigger that is due. */
export interface ScheduledTrigger {
  readonly cron: string;
  readonly scheduledTimeMs: number;
}

/** One cron trigger in one isolate. */
export class ScheduledEvent extends RunningEvent {
  readonly #trigger: ScheduledTrigger;
  readonly #over = Promise.withResolvers<Outcome | Again>();

  constructor(host: EventHost, intro: EventIntro, acquired: Acquired, trigger: ScheduledTrigger) {
    super(host, intro, acquired);
    this.#trigger = trigger;
  }

  /** Sends the trigger in, and resolves when the event is over. Never rejects. */
  run(): Promise<Outcome | Again> {
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

  /** A trigger is no promise that twice is as good as once. */
  protected canBegin(again: Again): boolean {
    return again === "restart";
  }

  protected over(outcome: Outcome, again: Again | null): void {
    this.#over.resolve(again ?? outcome);
  }
}
