/** What a set of samples says, in the samples' own unit. */
export interface Summary {
  readonly n: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/**
 * Sums samples up. Its percentiles are samples themselves (the one at that share of their number), as the figures in docs/
 * are; those of the laboratory lie between samples, see `quantile`.
 *
 * @throws RangeError without samples.
 */
export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError("cannot summarize: there are no samples");
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { n: sorted.length, min: sorted[0]!, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}
