import type { FlatHeaders } from "../contract/flat.ts";
import { stringSplit, stringToLowerCase } from "../primordials/string.ts";

/**
 * The headers of a request with what its cache mode says to the caches between here and the origin, as in
 * "HTTP-network-or-cache fetch" of the Fetch standard. A header that the worker gave itself stays as it is.
 *
 * @throws TypeError for `only-if-cached`: fetch has no cache of its own
 */
export function headersForMode(headers: FlatHeaders, mode: string): FlatHeaders {
  if (mode === "default" || mode === "force-cache") return headers;
  if (mode === "only-if-cached")
    throw new TypeError('Cannot fetch: nothing is cached, and the cache mode is "only-if-cached"');
  if (mode === "no-cache") return withDefault(headers, "cache-control", "max-age=0");
  return withDefault(withDefault(headers, "pragma", "no-cache"), "cache-control", "no-cache");
}

function withDefault(headers: FlatHeaders, name: string, value: string): FlatHeaders {
  const parts = stringSplit(headers, "\n");
  for (let i = 0; i + 1 < parts.length; i += 2)
    if (stringToLowerCase(parts[i] as string) === name) return headers;
  return headers === "" ? `${name}\n${value}` : `${headers}\n${name}\n${value}`;
}
