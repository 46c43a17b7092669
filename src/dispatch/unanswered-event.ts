import type { InMessage } from "../../runtime-api/contract/in.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { Acquired } from "../warm/group.ts";
import type { Again, StartFailed } from "../warm/event-sink.ts";
import type { EventHost, EventIntro } from "./event-host.ts";
import { RunningEvent } from "./running-event.ts";

/** A cron trigger that is due. */
export interface ScheduledTrigger {
  readonly cron: string;
  readonly scheduledTimeMs: number;
}

/** Events of other workers, for one that is told of them. */
export interface TailBatch {
  /** A JSON array of `TraceItem`s. */
  readonly itemsJson: string;
  /** Whose events they are. */
  readonly workers: readonly string[];
  /** How many workers it counts as having come through. */
  readonly depth: number;
}

/** One event that nobody waits for an answer of, in one isolate: a cron trigger, or a batch of a tail. */
export class UnansweredEvent extends RunningEvent {
  readonly #open: (event: number) => InMessage;
  readonly #over = Promise.withResolvers<Outcome | Again | StartFailed>();

  constructor(host: EventHost, intro: EventIntro, acquired: Acquired, open: (event: number) => InMessage) {
    super(host, intro, acquired);
    this.#open = open;
  }

  /** Sends what opens it in, and resolves when the event is over. Never rejects. */
  run(): Promise<Outcome | Again | StartFailed> {
    this.send(this.#open(this.event));
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

  /** What it was begun by is no promise that twice is as good as once. */
  protected canBegin(again: Again): boolean {
    return again === "restart";
  }

  protected over(outcome: Outcome, again: Again | StartFailed | null): void {
    this.#over.resolve(again ?? outcome);
  }
}
