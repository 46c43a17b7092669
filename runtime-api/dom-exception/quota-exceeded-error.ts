import { shapeInterface } from "../globals/define.ts";
import { RangeErrorOf } from "../primordials/errors.ts";
import { dictionary } from "../webidl/arguments.ts";
import { toFinite } from "../webidl/convert.ts";
import { DOMException } from "./dom-exception.ts";

export interface QuotaExceededErrorOptions {
  quota?: number;
  requested?: number;
}

/** Something asked for more than it may have. Web IDL, 4.3.1. */
export class QuotaExceededError extends DOMException {
  readonly #quota: number | null;
  readonly #requested: number | null;

  constructor(message: unknown = "", options: QuotaExceededErrorOptions = {}) {
    super(message, "QuotaExceededError");
    completeQuotaExceededError();
    const given = dictionary(options, "The second argument of 'QuotaExceededError'");
    const quota = given.quota === undefined ? null : amount(given.quota, "quota");
    const requested = given.requested === undefined ? null : amount(given.requested, "requested");
    if (quota !== null && requested !== null && requested < quota)
      throw new RangeErrorOf("'requested' is less than 'quota'.");
    this.#quota = quota;
    this.#requested = requested;
  }
  get quota(): number | null {
    return this.#quota;
  }
  get requested(): number | null {
    return this.#requested;
  }
}

let isComplete = false;

/** Gives the class its shape, as `completeDOMException` does for the class above it. */
export function completeQuotaExceededError(): void {
  if (isComplete) return;
  isComplete = true;
  shapeInterface(QuotaExceededError, "QuotaExceededError");
}

function amount(value: unknown, what: string): number {
  const number = toFinite(value, what);
  if (number < 0) throw new RangeErrorOf(`'${what}' is negative.`);
  return number;
}
