import { createHash } from "node:crypto";
import { type CacheKey, KEY_BYTES } from "../storage/cache-store.ts";
import { CacheError } from "./cache-error.ts";

/** Of requests, and of what responses say of where they came from. */
export const MAX_URL_CHARS: number = 16 * 1024;
const MAX_NAME_CHARS = 1_024;
/** Stands before the names of caches that have one, so that an empty name is told from none. */
const NAMED = ":";

/** The key of a response, with its URL as lists have it. */
export interface KeyedUrl extends CacheKey {
  readonly url: string;
}

/**
 * The key of a response: account by account, and hashed, so that long URLs take no more room than others.
 * @throws {CacheError} for a URL that is none or not of HTTP, and for names and URLs that are too long.
 */
export function keyOf(where: {
  readonly account: string;
  readonly cacheName: string | null;
  readonly url: string;
}): KeyedUrl {
  const { account, cacheName, url } = where;
  if (url.length > MAX_URL_CHARS)
    throw new CacheError(
      "TypeError",
      `Invalid URL. Cache API keys have at most ${MAX_URL_CHARS} characters.`,
    );
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:"))
    throw new CacheError("TypeError", "Invalid URL. Cache API keys must be fully-qualified, valid URLs.");
  const cache = cacheColumn(cacheName);
  const whole = parsed.href;
  parsed.hash = "";
  const { href } = parsed;
  const query = href.includes("?") ? href.indexOf("?") : href.length;
  const key = new Uint8Array(KEY_BYTES);
  key.set(halfOf(href.slice(0, query)));
  key.set(halfOf(href.slice(query)), KEY_BYTES / 2);
  return { account, cache, key, url: whole };
}

/** A cache's name as it is stored: empty for the default one. @throws {CacheError} if it is too long. */
export function cacheColumn(name: string | null): string {
  if (name === null) return "";
  if (name.length >= MAX_NAME_CHARS) throw new CacheError("TypeError", "Cache name is too long.");
  return NAMED + name;
}

/** The name of a cache that has one, as the worker gave it. */
export function cacheNameOf(column: string): string {
  return column.slice(NAMED.length);
}

function halfOf(text: string): Uint8Array {
  return createHash("sha256")
    .update(text)
    .digest()
    .subarray(0, KEY_BYTES / 2);
}
