import { SkerryError } from "../errors/skerry-error.ts";
import { DEFAULT_LIMITS, LIMIT_RANGES } from "./defaults.ts";
import type { Limits } from "./limits.ts";

/** Some limits are not what they may be. */
export class InvalidLimits extends SkerryError {
  constructor(message: string) {
    super("INVALID_LIMITS", message);
  }
}

/**
 * The limits of a version: its own wish, else its account's, else the host's, else the default.
 * A version may ask for less than its account or host set, and for more only up to the ceilings.
 *
 * @param layers From the most general (host) to the most special (version).
 * @param ceilings What nobody below the host may exceed; missing ones are the range's end.
 * @throws InvalidLimits naming each key, its value and what is allowed.
 * @example
 * resolveLimits([{ cpuMs: 100 }, { cpuMs: 20 }], { cpuMs: 500 }).cpuMs; // 20
 */
export function resolveLimits(layers: readonly Partial<Limits>[], ceilings: Partial<Limits> = {}): Limits {
  const problems: string[] = [];
  const resolved: Record<string, number> = { ...DEFAULT_LIMITS };
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      const problem = problemOf(key, value, ceilings);
      if (problem === null) resolved[key] = value;
      else problems.push(problem);
    }
  }
  if (problems.length > 0) throw new InvalidLimits(problems.join("; "));
  return resolved as unknown as Limits;
}

function problemOf(key: string, value: unknown, ceilings: Partial<Limits>): string | null {
  if (!Object.hasOwn(LIMIT_RANGES, key)) {
    return `limits.${key} is not a limit; the limits are ${Object.keys(LIMIT_RANGES).join(", ")}`;
  }
  const [min, rangeMax] = LIMIT_RANGES[key as keyof Limits];
  const max = Math.min(rangeMax, ceilings[key as keyof Limits] ?? rangeMax);
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return null;
  return `limits.${key} is ${JSON.stringify(value)}; it must be a whole number from ${min} to ${max}`;
}
