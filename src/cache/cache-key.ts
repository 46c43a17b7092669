import { createHash } from "node:crypto";
import type { CacheKey } from "../storage/cache-store.ts";
import { CacheError } from "./cache-error.ts";

const MAX_URL_CHARS = 16 * 1024;
const MAX_NAME_CHARS = 1_024;

/**
 * The key of a response: account by account, and hashed, so that long names and URLs take no more room than others.
 * @throws {CacheError} for a URL that is none or not of HTTP, and for names and URLs that are too long.
 */
export function keyOf(where: {
  readonly account: string;
  readonly cacheName: string | null;
  readonly url: string;
}): CacheKey {
  const { account, cacheName, url } = where;
  if (url.length > MAX_URL_CHARS)
    throw new CacheError(
      "TypeError",
      `Invalid URL. Cache API keys have at most ${MAX_URL_CHARS} characters.`,
    );
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:"))
    throw new CacheError("TypeError", "Invalid URL. Cache API keys must be fully-qualified, valid URLs.");
  if (cacheName !== null && cacheName.length >= MAX_NAME_CHARS)
    throw new CacheError("TypeError", "Cache name is too long.");
  parsed.hash = "";
  // JSON keeps the parts apart, whatever is in them.
  const text = JSON.stringify([cacheName, parsed.href]);
  return { account, key: new Uint8Array(createHash("sha256").update(text).digest()) };
}
