import type { Effort } from "./effort.ts";

/** Characters that one step of searching is worth. */
export const CHARS_PER_STEP = 64;

/** Compared in one piece, which is many times faster than `startsWith` with a long literal. */
export function standsAt(text: string, literal: string, at: number): boolean {
  return text.slice(at, at + literal.length) === literal;
}

/**
 * The first place from `from` on where a literal begins; -1 if there is none. `indexOf` of the whole literal would compare
 * as many characters as both lengths multiplied, before anything of that is known.
 * @throws EffortSpent
 */
export function firstStart(text: string, literal: string, from: number, effort: Effort): number {
  const first = literal.charAt(0);
  for (let at = from; ;) {
    const found = text.indexOf(first, at);
    effort.spend(((found === -1 ? text.length : found) - at + 1) / CHARS_PER_STEP);
    if (found === -1 || found + literal.length > text.length) return -1;
    effort.spend(1 + literal.length / CHARS_PER_STEP);
    if (standsAt(text, literal, found)) return found;
    at = found + 1;
  }
}

/**
 * The last place from `from` to `to` where a literal begins; -1 if there is none. As dear as `firstStart`.
 * @throws EffortSpent
 */
export function lastStart(text: string, literal: string, from: number, to: number, effort: Effort): number {
  const first = literal.charAt(0);
  for (let end = to; end >= from;) {
    const found = text.lastIndexOf(first, end);
    effort.spend((end - Math.max(found, 0) + 1) / CHARS_PER_STEP);
    if (found < from) return -1;
    effort.spend(1 + literal.length / CHARS_PER_STEP);
    if (standsAt(text, literal, found)) return found;
    end = found - 1;
  }
  return -1;
}
