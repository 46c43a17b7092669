import type { Effort } from "./effort.ts";
import { firstStart } from "./find-literal.ts";

/**
 * Whether a text matches a pattern in which `*` stands for any characters. Each part is looked for once, from left to
 * right, and what that takes is counted: patterns are tenants' own, and a regular expression of theirs could run for ever.
 * @throws EffortSpent
 */
export function matchesGlob(pattern: string, text: string, effort: Effort): boolean {
  effort.spend(1);
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const literal of rest) {
    if (literal === "") continue;
    const found = firstStart(text, literal, at, effort);
    if (found === -1) return false;
    at = found + literal.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
