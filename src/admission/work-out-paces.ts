/** What an account has used of late, and may use beside others. */
export interface PacedUse {
  readonly weight: number;
  /** CPU of the last second, as it is charged, in microseconds. */
  readonly usedUs: number;
  /** What it may use in a second as things are, in the same unit; Infinity where nothing holds it. */
  readonly paceUs: number;
}

/** Part of its pace from which on an account that has one may want more than that. */
const USES_ITS_PACE = 0.8;

/**
 * Shares out CPU among accounts so that some is left unused: who uses little gets what it uses, and the others the same
 * by their weights (max-min fairness). Where all want more than that nobody is held, as nobody would be better off.
 *
 * @param budgetUs what all may use in a second, in the unit of the uses
 * @returns what each may use in a second; Infinity for those that use less than they might
 */
export function workOutPaces(uses: readonly PacedUse[], budgetUs: number): number[] {
  const levelUs = levelOf(uses, budgetUs);
  const paces = uses.map((use) => (wantedUs(use) > levelUs * use.weight ? levelUs * use.weight : Infinity));
  return paces.includes(Infinity) ? paces : uses.map(() => Infinity);
}

/** What one may use for each unit of its weight; Infinity where there is enough for all. */
function levelOf(uses: readonly PacedUse[], budgetUs: number): number {
  const byWant = uses
    .map((use) => ({ weight: use.weight, wantedUs: wantedUs(use) }))
    .sort((a, b) => a.wantedUs / a.weight - b.wantedUs / b.weight);
  let leftUs = budgetUs;
  let weights = byWant.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, wantedUs: wants } of byWant) {
    if (wants / weight > leftUs / weights) return leftUs / weights;
    leftUs -= wants;
    weights -= weight;
  }
  return Infinity;
}

/** What is held to a pace and uses it up may want anything. */
function wantedUs({ usedUs, paceUs }: PacedUse): number {
  return usedUs >= paceUs * USES_ITS_PACE ? Infinity : usedUs;
}
