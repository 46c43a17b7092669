import type { CacheVary } from "./cache-store.ts";

/**
 * The values of some headers of a request, see RFC 9111 §4.1; several lines of one header count as one value.
 * @param names In lower case.
 */
export function varyOf(requestHeaders: string, names: readonly string[]): CacheVary {
  const values = new Map<string, string>();
  const parts = requestHeaders.split("\n");
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const name = parts[i]!.toLowerCase();
    const before = values.get(name);
    values.set(name, before === undefined ? parts[i + 1]! : `${before}, ${parts[i + 1]!}`);
  }
  return names.map((name) => [name, values.get(name) ?? null]);
}

/** Whether a response that varies so answers a request with these headers. */
export function varyFits(vary: CacheVary, requestHeaders: string): boolean {
  if (vary.length === 0) return true;
  const names = vary.map(([name]) => name);
  return varyOf(requestHeaders, names).every(([, value], i) => value === vary[i]![1]);
}
