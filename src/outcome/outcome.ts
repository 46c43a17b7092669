/**
 * How an event ended: one closed union. What each means for HTTP stands in `http-answer.ts`.
 *
 * - `ok`: the handler answered (whatever the status) and `waitUntil` settled.
 * - `exception`: the worker threw, rejected, answered something that is no Response, or hung.
 * - `exceededCpu`, `exceededMemory`, `exceededWallTime`: a limit of the version was met.
 * - `exceededQuota`: a limit of the event other than time and memory (output, records) was met.
 * - `exceededAccountCpu`: the account has used up its CPU of this minute.
 * - `canceled`: the client went away, or the caller aborted, before the answer.
 * - `overloaded`: a queue or a concurrency limit was full; the worker did not run.
 * - `quarantined`: the worker ended too many cells, and may not run for a while.
 * - `isolateLost`: the isolate died for a reason that is not this event's doing.
 * - `scriptNotFound`: no worker answers to this name, host or path.
 * - `internalError`: a fault of Skerry itself.
 */
export const OUTCOMES = [
  "ok",
  "exception",
  "exceededCpu",
  "exceededMemory",
  "exceededWallTime",
  "exceededQuota",
  "exceededAccountCpu",
  "canceled",
  "overloaded",
  "quarantined",
  "isolateLost",
  "scriptNotFound",
  "internalError",
] as const;
export type Outcome = (typeof OUTCOMES)[number];
