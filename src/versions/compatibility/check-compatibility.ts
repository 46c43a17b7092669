import { nearest } from "../../errors/nearest.ts";
import type { CompatibilityFlag } from "./compatibility-flag.ts";
import { COMPATIBILITY_FLAGS, KNOWN_UNTIL } from "./compatibility-flags.ts";

/** Either name of a flag, and whether it turns it on. */
const BY_NAME = new Map<string, { readonly flag: CompatibilityFlag; readonly enables: boolean }>();
for (const flag of Object.values(COMPATIBILITY_FLAGS).flat()) {
  BY_NAME.set(flag.enable, { flag, enables: true });
  if (flag.disable !== null) BY_NAME.set(flag.disable, { flag, enables: false });
}
const MAX_FLAGS = 100;
const MAX_SHOWN = 100;

/**
 * What is wrong with a compatibility date: it must be a day, and not one after today.
 * @param today `YYYY-MM-DD` in UTC. A clock that is behind does not refuse days whose flags are known.
 */
export function compatibilityDateProblem(date: unknown, today: string = todayUtc()): string | undefined {
  if (typeof date !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(date) || !isDay(date))
    return `${show(date)}; it must be a day as YYYY-MM-DD`;
  const newest = today > KNOWN_UNTIL ? today : KNOWN_UNTIL;
  return date > newest ? `${show(date)}, which is in the future; the newest day is ${newest}` : undefined;
}

/**
 * What is wrong with compatibility flags, a line each: names that Cloudflare's runtime does not have, its experiments,
 * and flags that contradict each other. Flags of known names that change nothing here are fine.
 */
export function compatibilityFlagProblems(flags: unknown): string[] {
  const isList = Array.isArray(flags) && flags.length <= MAX_FLAGS;
  if (!isList || !flags.every((flag) => typeof flag === "string"))
    return [`must be a list of at most ${MAX_FLAGS} names such as "nodejs_compat"`];
  const problems: string[] = [];
  const asked = new Map<CompatibilityFlag, boolean>();
  for (const name of flags as string[]) {
    const known = BY_NAME.get(name);
    if (known === undefined) {
      const near = nearest(name, BY_NAME.keys());
      problems.push(
        `${show(name)} is no compatibility flag${near === undefined ? "" : `; did you mean "${near}"?`}`,
      );
      continue;
    }
    const { flag, enables } = known;
    if (enables && flag.start.kind === "experimental" && flag.here !== "on")
      problems.push(`${show(name)} is an experiment of Cloudflare's (${flag.note}), which is not there`);
    if ((asked.get(flag) ?? enables) !== enables)
      problems.push(`"${flag.enable}" and "${flag.disable}" contradict each other; keep one of them`);
    asked.set(flag, enables);
  }
  return problems;
}

function isDay(date: string): boolean {
  const time = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date);
}

function todayUtc(): string {
  return new Date().toISOString().slice(0, 10);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
