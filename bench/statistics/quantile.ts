/**
 * The sample below which `share` of all samples lie, between two neighbours by linear interpolation (type 7 of
 * Hyndman and Fan, as R, NumPy and spreadsheets have it).
 *
 * @param sorted Samples in rising order.
 * @param share From 0 (the least) to 1 (the most).
 * @throws RangeError without samples, or for a share outside 0 to 1.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError("a quantile of no samples was asked for");
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share is ${share}; it must be from 0 to 1`);
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const least = sorted[below]!;
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return least + (next - least) * (position - below);
}

/** Samples in rising order, in memory of their own. */
export function sort(samples: Iterable<number>): Float64Array {
  return Float64Array.from(samples).sort();
}
