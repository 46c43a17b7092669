import type { Effort } from "./effort.ts";
import { matchesGlob } from "./glob.ts";

/** Patterns that one worker may have. */
const MAX_RULES = 100;
const MAX_RULE_CHARS = 100;

/** What is wrong with a list of `run_worker_first`, one line each: the rules of Cloudflare's own API. */
export function workerFirstProblems(value: unknown): string[] {
  const field = "assets.config.runWorkerFirst";
  if (typeof value === "boolean") return [];
  if (!Array.isArray(value) || value.some((rule) => typeof rule !== "string"))
    return [`${field} must be true, false or a list of patterns such as "/api/*"`];
  const rules = value as readonly string[];
  if (rules.length === 0) return [`${field} is an empty list; give at least one pattern`];
  if (rules.length > MAX_RULES)
    return [`${field} has ${rules.length} patterns; at most ${MAX_RULES} are allowed`];
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const rule of rules) {
    const shown = `${field}: ${JSON.stringify(rule.slice(0, 200))}`;
    if (!/^!?\//.test(rule)) problems.push(`${shown} must begin with "/" or "!/"`);
    else if (rule.length > MAX_RULE_CHARS)
      problems.push(`${shown} has more than ${MAX_RULE_CHARS} characters`);
    else if (seen.has(rule)) problems.push(`${shown} is there twice`);
    seen.add(rule);
    const wider = rules.find((other) => other !== rule && isRedundant(rule, other));
    if (wider !== undefined) problems.push(`${shown} has no effect beside ${JSON.stringify(wider)}`);
  }
  if (rules.every((rule) => rule.startsWith("!")))
    problems.push(`${field} has only patterns with "!"; give at least one without`);
  return problems;
}

/**
 * Whether the worker, or the assets, come first for a path; null where the patterns say nothing.
 * @throws EffortSpent
 */
export function whoComesFirst(
  rules: readonly string[],
  pathname: string,
  effort: Effort,
): "worker" | "assets" | null {
  const holds = (pattern: string): boolean => matchesGlob(pattern, pathname, effort);
  if (rules.some((rule) => rule.startsWith("!") && holds(rule.slice(1)))) return "assets";
  return rules.some((rule) => !rule.startsWith("!") && holds(rule)) ? "worker" : null;
}

function isRedundant(rule: string, other: string): boolean {
  return other.endsWith("*") && rule.startsWith(other.slice(0, -1));
}
