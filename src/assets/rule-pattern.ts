import type { Effort } from "./effort.ts";
import { CHARS_PER_STEP, lastStart, standsAt } from "./find-literal.ts";

/** What placeholders of a pattern stand for. */
export type Captures = ReadonlyMap<string, string>;

/** A literal, or a hole: a placeholder that ends before a stop, or the splat, which nothing stops. */
type Part =
  | { readonly literal: string }
  | { readonly hole: string; readonly stops: string; readonly least: number };

/**
 * A path with `:placeholders` and at most one `*`, as `_headers` and `_redirects` have them. It matches like a regular
 * expression whose holes take as much as they can, but never takes longer than `Effort` allows.
 */
export class RulePattern {
  /** Whether it begins with `https://`, and so is matched with host and path. */
  readonly isAbsolute: boolean;
  readonly #parts: readonly Part[];

  private constructor(isAbsolute: boolean, parts: readonly Part[]) {
    this.isAbsolute = isAbsolute;
    this.#parts = parts;
  }

  /** Null: the same name stands in it twice, and it never matches. */
  static parse(pattern: string): RulePattern | null {
    const isAbsolute = pattern.startsWith("https://");
    const hostEnd = isAbsolute ? pattern.indexOf("/", "https://".length) : 0;
    const parts: Part[] = [];
    const names = new Set<string>();
    let at = 0;
    for (const found of pattern.matchAll(/\*|:([A-Za-z]\w*)/g)) {
      const name = found[1] ?? "splat";
      if (names.has(name)) return null;
      names.add(name);
      if (found.index > at) parts.push({ literal: pattern.slice(at, found.index) });
      const isSplat = found[1] === undefined;
      const inHost = found.index < (hostEnd === -1 ? pattern.length : hostEnd);
      parts.push({ hole: name, stops: isSplat ? "" : inHost ? "/." : "/", least: isSplat ? 0 : 1 });
      at = found.index + found[0].length;
    }
    if (at < pattern.length) parts.push({ literal: pattern.slice(at) });
    return new RulePattern(isAbsolute, parts);
  }

  /** What the holes stand for in a text, or null if it does not match. @throws EffortSpent */
  match(text: string, effort: Effort): Captures | null {
    effort.spend(1);
    const captures = new Map<string, string>();
    return this.#from(0, text, 0, captures, new Set(), effort) ? captures : null;
  }

  /** @param failed places where the rest is known not to match */
  #from(
    index: number,
    text: string,
    at: number,
    captures: Map<string, string>,
    failed: Set<number>,
    effort: Effort,
  ): boolean {
    const part = this.#parts[index];
    if (part === undefined) return at === text.length;
    if ("literal" in part) {
      if (!standsAt(text, part.literal, at)) return false;
      return this.#from(index + 1, text, at + part.literal.length, captures, failed, effort);
    }
    const place = index * (text.length + 1) + at;
    if (failed.has(place)) return false;
    const next = this.#parts[index + 1];
    let end = endOfHole(text, at, part.stops);
    effort.spend(1 + (end - at) / CHARS_PER_STEP);
    while (end >= at + part.least) {
      // The next literal says where the hole can end.
      if (next === undefined) end = end === text.length ? end : -1;
      else if ("literal" in next) end = lastStart(text, next.literal, at + part.least, end, effort);
      if (end < at + part.least) break;
      effort.spend(1);
      if (this.#from(index + 1, text, end, captures, failed, effort)) {
        captures.set(part.hole, text.slice(at, end));
        return true;
      }
      end--;
    }
    failed.add(place);
    return false;
  }
}

function endOfHole(text: string, at: number, stops: string): number {
  let end = text.length;
  for (const stop of stops) {
    const found = text.indexOf(stop, at);
    if (found !== -1 && found < end) end = found;
  }
  return end;
}

/** Longest text that filling in may give: path segments are visitors' own. */
const MAX_FILLED_CHARS = 16 * 1024;

/** Puts what placeholders stand for into a text, once; null if that becomes too long. */
export function fillIn(text: string, captures: Captures): string | null {
  if (captures.size === 0 || !text.includes(":")) return text;
  let size = text.length;
  const filled = text.replaceAll(/:([A-Za-z]\w*)/g, (whole, name: string) => {
    // As far as a name is one: `:splat_old` has `:splat` in it.
    let best = "";
    for (const key of captures.keys()) if (key.length > best.length && name.startsWith(key)) best = key;
    if (best === "") return whole;
    const value = captures.get(best)!;
    size += value.length;
    // Nothing long is built only to be thrown away.
    return size > MAX_FILLED_CHARS ? "" : value + name.slice(best.length);
  });
  return size > MAX_FILLED_CHARS ? null : filled;
}
