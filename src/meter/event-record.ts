import type { LogLevel } from "../../runtime-api/contract/out.ts";
import type { Outcome } from "../outcome/outcome.ts";

/** Whose doing it was. */
export interface Origin {
  readonly account: string;
  readonly worker: string;
  readonly versionId: string;
}

/** One line of a worker's log. */
export interface LogRecord extends Origin {
  readonly timeMs: number;
  /** Number of the event within the host's life; 0 for the global scope. */
  readonly eventId: number;
  readonly level: LogLevel;
  readonly text: string;
}

/** One event, once it is over. */
export interface EventRecord extends Origin {
  readonly eventId: number;
  readonly kind: "fetch" | "scheduled" | "tail";
  readonly startedMs: number;
  readonly outcome: Outcome;
  /** Status that the client got; null for events that are no requests. */
  readonly status: number | null;
  readonly method: string | null;
  readonly url: string | null;
  /** CPU in the isolate, in ms, or in the host for static assets; `docs/limits.md` says what is measured. */
  readonly cpuMs: number;
  /** From acceptance to the end, `waitUntil` included, in ms. */
  readonly wallMs: number;
  /** Until the head of the response, in ms; null if there was none. */
  readonly headMs: number | null;
  /** Whether an isolate had to be started. */
  readonly cold: boolean;
  readonly subrequests: number;
  /** Whether it was run once more, since a first isolate was lost by no fault of its own. */
  readonly retried: boolean;
  /** It was answered from static assets, and no code ran; left out where code was asked. */
  readonly isAsset?: true;
  /** The error that nobody caught, with the worker's own positions. */
  readonly exception: { readonly name: string; readonly message: string; readonly stack: string } | null;
}
