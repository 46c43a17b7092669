import type { CacheVary } from "./cache-store.ts";

/**
 * Characters of what responses vary by that one question looks at; it finds none beyond them. All variants of one URL
 * have no more.
 */
export const VARY_CHARS: number = 512 * 1024;

/**
 * The values of some headers of a request, see RFC 9111 §4.1; several lines of one header count as one value.
 * @param names In lower case.
 */
export function varyOf(requestHeaders: string, names: readonly string[]): CacheVary {
  const values = valuesOf(requestHeaders);
  return names.map((name) => [name, values.get(name) ?? null]);
}

/** Says which responses answer a request: takes its headers apart once, and looks at a bounded number of characters. */
export class VaryMatch {
  readonly #requestHeaders: string;
  #values: ReadonlyMap<string, string> | null = null;
  #leftChars = VARY_CHARS;

  constructor(requestHeaders: string) {
    this.#requestHeaders = requestHeaders;
  }

  /** Whether it has looked at all that it may. */
  get isSpent(): boolean {
    return this.#leftChars <= 0;
  }

  /** Whether a response that varies so answers the request. @param vary JSON of a `CacheVary` */
  fits(vary: string): boolean {
    this.#leftChars -= vary.length;
    if (vary === "[]") return true;
    const values = (this.#values ??= valuesOf(this.#requestHeaders));
    return (JSON.parse(vary) as CacheVary).every(([name, value]) => value === (values.get(name) ?? null));
  }
}

function valuesOf(requestHeaders: string): Map<string, string> {
  const values = new Map<string, string>();
  const parts = requestHeaders.split("\n");
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const name = parts[i]!.toLowerCase();
    const before = values.get(name);
    values.set(name, before === undefined ? parts[i + 1]! : `${before}, ${parts[i + 1]!}`);
  }
  return values;
}
