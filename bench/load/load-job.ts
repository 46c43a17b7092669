import type { Samples } from "../statistics/distribution.ts";
import type { Site } from "../subjects/site.ts";

/** Tenants that may be asked: `count` of them from `first` on. */
export interface TenantRange {
  readonly first: number;
  readonly count: number;
}

/** What a client process asks for, and how. */
export interface LoadJob {
  readonly port: number;
  /**
   * `each`: tenant after tenant, with a pause, over one connection; `saturate`: every connection asks again as soon as
   * it is answered; `rate`: requests fall due at a fixed rate, answered or not, and the time counts from when the
   * schedule has them, so that a server that stalls is not spared the requests that it kept from being sent
   * (coordinated omission); `deploys`: new code is deployed by the server, and asked for as soon as that is done.
   */
  readonly mode: "each" | "saturate" | "rate" | "deploys";
  readonly connections: number;
  /** How long `saturate` and `rate` go on, in ms, after the time that warms up. */
  readonly timeMs: number;
  /** How long they go on before that, uncounted, in ms: server and client run the code that is measured many times first. */
  readonly warmUpMs: number;
  /** Requests that are answered first and not counted, of `saturate` and of `each`. */
  readonly warmUpRequests: number;
  /** Whom `each` asks first; null for the same tenants as later. */
  readonly warmUpTenants: TenantRange | null;
  /** Requests a second of `rate`. */
  readonly ratePerSecond: number;
  readonly tenants: TenantRange;
  /** How a tenant is chosen: in turn, or by Zipf's law (the n-th as often as 1/n of the first). */
  readonly choice: "in-turn" | "zipf";
  /** Where the choice by Zipf's law begins: two clients with the same seed ask for the same tenants. */
  readonly seed: number;
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

/** What the client saw. No sample is left out: see `compact` for how many are written. */
export interface LoadResult {
  /** Requests that were answered as they should be. */
  readonly count: number;
  /** How long it measured. */
  readonly tookMs: number;
  /** From the moment a request was due until the first byte of its answer, in microseconds. */
  readonly firstByteUs: Samples;
  /** Until its last byte. */
  readonly wholeUs: Samples;
  /** How much later than the schedule the client itself was, of `rate`; a part of the times above. */
  readonly clientLateUs: Samples;
  /** How long each deploy took, and until the whole answer after it; empty but for `deploys`. */
  readonly deployUs: Samples;
  readonly togetherUs: Samples;
  /** Share of the measured time in which the client's own thread had something to do: near 1, the client is the limit. */
  readonly clientBusy: number;
  /** Answers that were not the right one, and connections that broke. */
  readonly errors: number;
  readonly firstError: string | null;
}

/** Samples that are kept as they came; more are rounded and counted. */
export const MOST_SAMPLES = 2_000;
/**
 * Pause between two cold starts, in ms, of every runtime alike: they come one at a time, to a server that is idle, and a host that
 * keeps spare isolates has time to make the next one.
 */
export const COLD_PAUSE_MS = 15;
