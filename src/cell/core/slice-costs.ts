/** What the account of slices may leave out of a turn: entering, copying, garbage collection. */
const OVERHEAD_US = 1_000;

/**
 * Divides the CPU of a turn among the events of its slices, by what the runtime says each of them took.
 * The sum is what the cell measured, not what the runtime says, since it runs beside hostile code.
 *
 * @param events events of the turn's slices @param wallUs reported time by event
 * @param cpuUs measured CPU of the turn
 */
export function sliceCosts(
  events: readonly number[],
  wallUs: ReadonlyMap<number, number>,
  cpuUs: number,
): Map<number, number> {
  let reported = 0;
  for (const event of events) reported += wallUs.get(event) ?? 0;
  const charged = Math.min(cpuUs, Math.max(reported, cpuUs / 2, cpuUs - OVERHEAD_US));
  const costs = new Map<number, number>();
  for (const event of events) {
    const share = reported > 0 ? (wallUs.get(event) ?? 0) / reported : 1 / events.length;
    costs.set(event, (costs.get(event) ?? 0) + charged * share);
  }
  return costs;
}
