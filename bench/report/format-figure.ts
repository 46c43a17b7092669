import type { Metric } from "../laboratory/experiment.ts";
import type { Estimate } from "../statistics/bootstrap.ts";

/** A figure with its unit, in the unit that reads best: 850 us, 1.31 ms, 12,400 /s, 1.6 MB. */
export function formatFigure(value: number, unit: Metric["unit"]): string {
  if (unit === "requests/s") return `${Math.round(value).toLocaleString("en")} /s`;
  if (unit === "MB") return `${value.toFixed(2)} MB`;
  if (value < 1_000) return `${value.toFixed(0)} us`;
  return value < 100_000 ? `${(value / 1_000).toFixed(2)} ms` : `${(value / 1_000).toFixed(0)} ms`;
}

/** How many times its least an interval's most may be until it says nothing. */
const MOST_WIDTH = 100;

/** A figure with the range in which it lies. */
export function formatEstimate(estimate: Estimate, unit: Metric["unit"]): string {
  const show = (figure: number): string => formatFigure(figure, unit);
  return `${show(estimate.value)} (${formatInterval(estimate, show)})`;
}

/** The range in which a figure lies, or why there is none. @param show Writes each of its ends. */
export function formatInterval(estimate: Estimate, show: (figure: number) => string): string {
  const { low, high } = estimate;
  if (!Number.isFinite(high)) return "one round: no interval";
  return isBoundless(estimate) ? "rounds too unlike to say" : `${show(low)} to ${show(high)}`;
}

/** A ratio with its range where there is one: 0.12 (0.11-0.13). */
export function formatRatio(estimate: Estimate): string {
  const { value, low, high } = estimate;
  if (!Number.isFinite(high)) return short(value);
  return isBoundless(estimate) ? `${short(value)} (?)` : `${short(value)} (${short(low)}-${short(high)})`;
}

/** Whether an interval is so wide that its ends are no figures that anybody can use. */
function isBoundless({ low, high }: Estimate): boolean {
  return high > low * MOST_WIDTH;
}

function short(value: number): string {
  return value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value.toFixed(value < 0.1 ? 3 : 2);
}

/** A size: 850 bytes, 12.3 KB, 1.20 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} bytes`;
  return bytes < 1_024 ** 2 ? `${(bytes / 1_024).toFixed(1)} KB` : `${(bytes / 1_024 ** 2).toFixed(2)} MB`;
}

/** Whether there are so many samples that one lies beyond a quantile: without, it says nothing. */
export function isBeyond(share: number, count: number): boolean {
  return count * (1 - share) >= 1 - 1e-9;
}

/** A quantile, where a sample lies beyond it; empty otherwise. */
export function formatQuantile(value: number, share: number, count: number, unit: Metric["unit"]): string {
  return isBeyond(share, count) ? formatFigure(value, unit) : "";
}
