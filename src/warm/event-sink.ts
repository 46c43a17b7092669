import type { OutMessage } from "../../runtime-api/contract/out.ts";
import type { BlamedEvent } from "./blame.ts";
import type { Outcome } from "../outcome/outcome.ts";

/** How an event begins anew in another isolate: `restart` if it never ran, `retry` once if it did. */
export type Again = "restart" | "retry";

/** Why an event that went along with a load never ran: the load came to nothing, and is not tried again. */
export class StartFailed {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** How an event learns that its isolate is gone. */
export interface EventLoss {
  readonly outcome: Exclude<Outcome, "ok">;
  /** Whether it may begin anew, as far as its isolate is concerned. */
  readonly again: Again | null;
  readonly message: string;
}

/** What an event shows to the isolate that runs it. */
export interface EventSink {
  readonly what: BlamedEvent;
  message(message: OutMessage): void;
  /** CPU that the event has used so far. */
  cost(cpuUs: number): void;
  lost(loss: EventLoss): void;
  /** The load that it went along with is over: from now on it waits for its first turn. */
  loaded(): void;
  /** The load that it went along with came to nothing. */
  refused(error: unknown): void;
  /** The isolate takes no new events and waits for its last ones to end. */
  retire(): void;
}
