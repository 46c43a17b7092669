import type { Site } from "../subjects/site.ts";

/** What a client process asks for, and how. */
export interface LoadJob {
  readonly port: number;
  /**
   * `each`: tenant after tenant, with a pause, over one connection; `saturate`: every connection asks again as soon as
   * it is answered; `rate`: requests fall due at a fixed rate, answered or not, and the time counts from when they
   * fell due, so that a server that stalls is not spared the requests that it kept from being sent (coordinated
   * omission); `deploys`: new code is deployed by the server, and asked for as soon as that is done.
   */
  readonly mode: "each" | "saturate" | "rate" | "deploys";
  readonly connections: number;
  /** How long `saturate` and `rate` go on, in ms. */
  readonly timeMs: number;
  /** Requests a second of `rate`. */
  readonly ratePerSecond: number;
  /** Tenants that may be asked: those from `first` on. */
  readonly tenants: { readonly first: number; readonly count: number };
  /** How a tenant is chosen: in turn, or by Zipf's law (the n-th as often as 1/n of the first). */
  readonly choice: "in-turn" | "zipf";
  /** Requests of `each`, or deploys. */
  readonly requests: number;
  /** Where the server takes commands, for `deploys`. */
  readonly controlPort: number;
  /** Answers that are no success are expected: they are counted, and end nothing. */
  readonly mayFail: boolean;
  /** Pause between two requests of `each`, in ms. */
  readonly pauseMs: number;
  /** Of whom what is answered; see `answerOf`. */
  readonly kind: Site["kind"];
  /** What is asked for, with its query. */
  readonly path: string;
}

/** What the client saw. Samples are at most `MOST_SAMPLES`, evenly taken from all. */
export interface LoadResult {
  /** Requests that were answered as they should be. */
  readonly count: number;
  readonly tookMs: number;
  /** From the moment a request was due until the first byte of its answer, in microseconds. */
  readonly firstByteUs: readonly number[];
  /** Until its last byte. */
  readonly wholeUs: readonly number[];
  /** How long each deploy took, and until the whole answer after it; empty but for `deploys`. */
  readonly deployUs: readonly number[];
  readonly togetherUs: readonly number[];
  /** Answers that were not the right one, and connections that broke. */
  readonly errors: number;
  readonly firstError: string | null;
}

export const MOST_SAMPLES = 5_000;
/** Pause between two cold starts, in ms: a host that is not saturated has time to make the next spare. */
export const COLD_PAUSE_MS = 15;
