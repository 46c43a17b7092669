import type { Pool } from "../statistics/pool.ts";

const BARS = "▁▂▃▄▅▆▇█";

/**
 * The shape of a distribution in a few characters: how many samples lie in each of `width` equal parts of the scale
 * from `low` to `high`, which all rows of a table share. What lies beyond counts with the last.
 */
export function sparkline(pool: Pool, low: number, high: number, width = 16): string {
  const counts = Array.from({ length: width }, () => 0);
  for (const [sample, weight] of pool) {
    const at = Math.floor(
      (position(sample) - position(low)) / ((position(high) - position(low)) / width || 1),
    );
    counts[Math.min(width - 1, Math.max(0, at))]! += weight;
  }
  const most = Math.max(...counts);
  return counts
    .map((count) => (count === 0 ? " " : BARS[Math.min(7, Math.floor((count / most) * 7.999))]!))
    .join("");
}

/** The scale that sparklines of several rows share: from the least to the largest 99th percentile. */
export function sparkScale(rows: readonly Pool[]): [low: number, high: number] {
  const low = Math.min(...rows.map((pool) => pool.quantile(0)));
  return [low, Math.max(low, ...rows.map((pool) => pool.quantile(0.99)))];
}

/** Runtimes differ by orders of magnitude: each part of the scale is some times the one before. */
function position(value: number): number {
  return Math.log(Math.max(value, Number.MIN_VALUE));
}
