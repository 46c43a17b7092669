import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { Op } from "../../../runtime-api/contract/calls.ts";
import { type Binding, CallError } from "../binding.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** Keys that are longer are refused: they would be as long in each call. */
const MAX_KEY_CHARS = 8 * 1024;

/** What a rate limit binding counts. */
export interface RateLimitTarget {
  readonly account: string;
  readonly namespaceId: string;
  readonly limit: number;
  readonly periodS: number;
}

/**
 * A binding that counts keys.
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
 */
export function createRateLimitBinding(target: RateLimitTarget, limiter: RateLimiter): Binding {
  return {
    // oxlint-disable-next-line typescript/require-await -- what it throws has to reject
    async call(op: string, [key]: readonly Flat[]): Promise<readonly Flat[]> {
      if (op !== Op.rateLimit)
        throw new CallError("TypeError", `a rate limit has no operation "${op.slice(0, 64)}"`);
      if (typeof key !== "string") throw new CallError("TypeError", "The key of limit() must be a string");
      if (key.length > MAX_KEY_CHARS)
        throw new CallError(
          "RangeError",
          `The key of limit() has ${key.length} characters; at most ${MAX_KEY_CHARS} are allowed`,
        );
      return [limiter.pass(target, key)];
    },
    // A count too many does no harm.
    writes: () => false,
  };
}
