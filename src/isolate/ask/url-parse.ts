import { hasBrokenHost } from "./broken-host.ts";
import { joinParts, MAX_URL_CHARS } from "./url-parts.ts";

/** Answers `urlParse`: the parts of a URL, or null if it does not parse. */
export function urlParse(input: unknown, base: unknown): string | null {
  if (typeof input !== "string" || input.length > MAX_URL_CHARS) return null;
  if (base !== null && base !== undefined && (typeof base !== "string" || base.length > MAX_URL_CHARS))
    return null;
  const url = URL.parse(input, base ?? undefined);
  return url === null || hasBrokenHost(url) ? null : joinParts(url);
}
