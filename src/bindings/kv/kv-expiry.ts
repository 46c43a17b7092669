import { CallError } from "../binding.ts";
import { kvFailure } from "./kv-failure.ts";
import { MIN_CACHE_TTL_S, MIN_TTL_S } from "./kv-limits.ts";

const INT_MAX = 2 ** 31 - 1;
/** The last second that a Date can name. */
const LAST_SECOND = 8.64e12;

/**
 * When a put expires, in ms since the epoch; null: never. The ttl wins where both are given.
 * @throws {CallError} in the words of Workers KV.
 */
export function expiresMs(expirationS: number | null, ttlS: number | null, nowMs: number): number | null {
  const nowS = Math.floor(nowMs / 1_000);
  if (ttlS !== null) {
    const ttl = integer(ttlS, INT_MAX);
    if (ttl <= 0)
      throw kvFailure("PUT", 400, `Invalid expiration_ttl of ${ttl}. Please specify integer greater than 0.`);
    if (ttl < MIN_TTL_S)
      throw kvFailure(
        "PUT",
        400,
        `Invalid expiration_ttl of ${ttl}. Expiration TTL must be at least ${MIN_TTL_S}.`,
      );
    return (nowS + ttl) * 1_000;
  }
  if (expirationS === null) return null;
  // Workers KV takes 32 bits here too; times after January 2038 are let through, since they are coming.
  const at = integer(expirationS, LAST_SECOND);
  if (at <= nowS) {
    throw kvFailure(
      "PUT",
      400,
      `Invalid expiration of ${at}. Please specify integer greater than the current number of seconds since the UNIX epoch.`,
    );
  }
  if (at < nowS + MIN_TTL_S) {
    throw kvFailure(
      "PUT",
      400,
      `Invalid expiration of ${at}. Expiration times must be at least ${MIN_TTL_S} seconds in the future.`,
    );
  }
  return at * 1_000;
}

/**
 * Checks a cache ttl, which has no other effect: a host reads its own store, which is never stale.
 * @throws {CallError} in the words of Workers KV.
 */
export function checkCacheTtl(method: "GET" | "GET_BULK", ttlS: number | null): void {
  if (ttlS === null) return;
  const ttl = integer(ttlS, INT_MAX);
  if (ttl < MIN_CACHE_TTL_S)
    throw kvFailure(
      method,
      400,
      `Invalid cache_ttl of ${ttl}. Cache TTL must be at least ${MIN_CACHE_TTL_S}.`,
    );
}

/** A number as the web's `long` takes it: the fraction is cut off, NaN is 0, and what is out of range throws. */
export function integer(value: number, max: number): number {
  const whole = Number.isNaN(value) ? 0 : Math.trunc(value) + 0;
  if (whole > max || whole < -INT_MAX - 1) {
    throw new CallError(
      "TypeError",
      `Value out of range. Must be between ${-INT_MAX - 1} and ${max} (inclusive).`,
    );
  }
  return whole;
}
