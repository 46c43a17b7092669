/** When a new version gives its traffic back by itself. */
export interface RollbackOptions {
  /** Part of the version's events that fail, from which on it goes back. @default 0.5 */
  readonly errorRate: number;
  /** By how much that part has to be above what failed of the versions before it. @default 0.2 */
  readonly margin: number;
  /** How long a version is watched from when it first takes traffic, in ms. @default 300000 (5 minutes) */
  readonly windowMs: number;
  /** Events of the version before anything is concluded. @default 20 */
  readonly minRequests: number;
}

/** What a host, an account or an upload says; false switches it off. */
export type RollbackSetting = Partial<RollbackOptions> | false;

const DEFAULTS: RollbackOptions = { errorRate: 0.5, margin: 0.2, windowMs: 300_000, minRequests: 20 };

/** Lowest and highest value of each option. */
export const ROLLBACK_RANGES: Readonly<Record<keyof RollbackOptions, readonly [number, number]>> = {
  errorRate: [0.01, 1],
  margin: [0, 1],
  windowMs: [1_000, 24 * 3_600_000],
  minRequests: [1, 1_000_000],
};

/**
 * The options that hold where several say something: each adds to those before it, and `false` switches off.
 * @returns null where it is off, as it is where nobody says anything
 */
export function resolveRollback(layers: readonly (RollbackSetting | undefined)[]): RollbackOptions | null {
  let options: RollbackOptions | null = null;
  for (const layer of layers) {
    if (layer === false) options = null;
    else if (layer !== undefined) options = { ...(options ?? DEFAULTS), ...layer };
  }
  return options;
}

/** What is wrong with a setting, a line each, which names its field. */
export function rollbackProblems(field: string, setting: unknown): string[] {
  if (setting === false) return [];
  if (typeof setting !== "object" || setting === null)
    return [`${field} is ${String(setting)}; it must be false or an object`];
  const problems: string[] = [];
  for (const [key, value] of Object.entries(setting)) {
    if (!Object.hasOwn(ROLLBACK_RANGES, key)) {
      problems.push(
        `${field}.${key} is not an option; the options are ${Object.keys(ROLLBACK_RANGES).join(", ")}`,
      );
      continue;
    }
    const [min, max] = ROLLBACK_RANGES[key as keyof RollbackOptions];
    const whole = key === "windowMs" || key === "minRequests";
    if (typeof value !== "number" || !(value >= min && value <= max) || (whole && !Number.isInteger(value)))
      problems.push(
        `${field}.${key} is ${String(value)}; it must be ${whole ? "a whole number" : "a number"} from ${min} to ${max}`,
      );
  }
  return problems;
}
