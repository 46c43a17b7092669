import type { Outcome } from "../outcome/outcome.ts";

/** Outcomes that are a version's own doing. What clients, other workers or the host do to it counts neither way. */
const FAILURES: ReadonlySet<Outcome> = new Set([
  "exception",
  "exceededCpu",
  "exceededMemory",
  "exceededWallTime",
  "exceededQuota",
]);

/** Events, and how many of them failed. */
export interface Failures {
  readonly requests: number;
  readonly failures: number;
}

/** Counts what fails of a version's events within a time that moves along: between one and two windows of it. */
export class FailureRate {
  #sinceMs = 0;
  #now = { requests: 0, failures: 0 };
  #before = { requests: 0, failures: 0 };

  /** @returns whether it counted */
  add(outcome: Outcome, nowMs: number, windowMs: number): boolean {
    const failed = FAILURES.has(outcome);
    if (!failed && outcome !== "ok") return false;
    this.#move(nowMs, windowMs);
    this.#now.requests++;
    if (failed) this.#now.failures++;
    return true;
  }

  recent(nowMs: number, windowMs: number): Failures {
    this.#move(nowMs, windowMs);
    return {
      requests: this.#now.requests + this.#before.requests,
      failures: this.#now.failures + this.#before.failures,
    };
  }

  #move(nowMs: number, windowMs: number): void {
    const passed = nowMs - this.#sinceMs;
    if (passed < windowMs) return;
    this.#before = passed < 2 * windowMs ? this.#now : { requests: 0, failures: 0 };
    this.#now = { requests: 0, failures: 0 };
    this.#sinceMs = nowMs;
  }
}
