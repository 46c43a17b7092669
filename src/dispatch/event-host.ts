import type { Admission } from "../admission/admission.ts";
import type { Clock } from "../clock/clock.ts";
import type { Invocations } from "../limits/invocations.ts";
import type { EventRecord } from "../meter/event-record.ts";
import type { EventSource } from "../meter/event-source.ts";
import type { Meter } from "../meter/meter.ts";
import type { WarmIsolate } from "../warm/warm-isolate.ts";
import type { BodyPace } from "./body-pace.ts";
import type { Deadlines } from "./deadlines.ts";

/** What every event needs from the host. */
export interface EventHost {
  readonly meter: Meter;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly admission: Admission;
  /** Where it is missing, bodies that stream cost nothing. */
  readonly bodies?: BodyPace;
  readonly release: (isolate: WarmIsolate, wasHeld: boolean) => void;
  /** The event goes on for a WebSocket's sake only: it keeps its isolate and gives its place to others. */
  readonly hold: (isolate: WarmIsolate) => void;
  /** How long a worker may not run, in ms; 0 if it may. */
  readonly pauseMs: (account: string, worker: string) => number;
  /** Faults of Skerry itself, for the operator. */
  readonly internal: (error: unknown) => void;
}

/** What is known of an event when it begins. */
export interface EventIntro {
  /** Number within the host's life, for logs. */
  readonly number: number;
  readonly kind: EventRecord["kind"];
  readonly method: string | null;
  readonly url: string | null;
  readonly startedMs: number;
  readonly startedMonotonicMs: number;
  /** How many workers the request has come through already. */
  readonly depth: number;
  /** Those of the request that called this worker; null where a client did, or nobody. */
  readonly invocations: Invocations | null;
  /** It is run once more: an isolate that had begun it was lost. */
  readonly retried: boolean;
  readonly source: EventSource;
}
