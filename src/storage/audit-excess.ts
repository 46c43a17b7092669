/**
 * How many notes each account gives up so that as many are kept as may be: those that have most give, down to one level.
 * @param counts notes that are kept, by account; below 2^31 each
 * @param excess notes that are too many, at most all of them
 * @returns accounts that give up some, with how many; `excess` in all
 */
export function auditExcess(counts: ReadonlyMap<string, number>, excess: number): Map<string, number> {
  const taken = new Map<string, number>();
  if (excess <= 0) return taken;
  const above = (level: number): number => {
    let sum = 0;
    for (const count of counts.values()) sum += Math.max(0, count - level);
    return sum;
  };
  // The highest level that is low enough.
  let [level, tooHigh] = [0, 2 ** 31];
  while (tooHigh - level > 1) {
    const middle = Math.floor((level + tooHigh) / 2);
    if (above(middle) >= excess) level = middle;
    else tooHigh = middle;
  }
  let left = excess;
  for (const [account, count] of counts) {
    const given = Math.min(left, count - level);
    if (given <= 0) continue;
    taken.set(account, given);
    left -= given;
  }
  return taken;
}
