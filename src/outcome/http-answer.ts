import type { Outcome } from "./outcome.ts";

/** What a client sees when an event did not answer by itself. */
export interface HttpAnswer {
  readonly status: number;
  /** Cloudflare's number where it has one. */
  readonly code: number | null;
  readonly title: string;
  readonly detail: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterS?: number;
}

const ANSWERS: Readonly<Record<Exclude<Outcome, "ok">, HttpAnswer>> = {
  exception: {
    status: 500,
    code: 1101,
    title: "Worker threw exception",
    detail: "The worker failed while it answered this request. Its log has the error.",
  },
  exceededCpu: {
    status: 503,
    code: 1102,
    title: "Worker exceeded CPU time limit",
    detail: "The worker used more CPU time than it may for one request.",
  },
  exceededMemory: {
    status: 503,
    code: 1102,
    title: "Worker exceeded memory limit",
    detail: "The worker used more memory than it may.",
  },
  exceededWallTime: {
    status: 504,
    code: null,
    title: "Worker made no progress",
    detail: "The worker neither answered nor moved any data within its time limit.",
  },
  exceededQuota: {
    status: 429,
    code: 1027,
    title: "Worker exceeded a quota",
    detail: "The worker produced more output in one request than it may.",
  },
  exceededAccountCpu: {
    status: 429,
    code: null,
    title: "Account exceeded its CPU budget",
    detail: "The account of this worker has used the CPU time that it may use in a minute.",
    retryAfterS: 30,
  },
  canceled: { status: 499, code: null, title: "Request canceled", detail: "The client went away." },
  overloaded: {
    status: 503,
    code: null,
    title: "Too many requests at once",
    detail: "This worker's account, or the host, is at its limit of concurrent requests.",
    retryAfterS: 1,
  },
  quarantined: {
    status: 503,
    code: null,
    title: "Worker paused",
    detail: "This worker brought down the processes that it ran in, and may not run for a while.",
    retryAfterS: 60,
  },
  isolateLost: {
    status: 503,
    code: null,
    title: "The worker's isolate was lost",
    detail: "The isolate that ran this request ended for a reason that is not this request's doing.",
    retryAfterS: 1,
  },
  scriptNotFound: {
    status: 404,
    code: null,
    title: "No worker here",
    detail: "No worker answers to this host name and path.",
  },
  internalError: {
    status: 500,
    code: null,
    title: "Internal error",
    detail: "The host failed while it handled this request.",
  },
};

/** The HTTP answer for an outcome that left the client without a response. */
export function httpAnswer(outcome: Exclude<Outcome, "ok">): HttpAnswer {
  return ANSWERS[outcome];
}
