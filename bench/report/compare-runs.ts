import type { LabRecord } from "../laboratory/records.ts";
import { type Estimate, estimateRatio } from "../statistics/bootstrap.ts";
import { type Difference, judgeChange } from "../statistics/control.ts";
import { roundsOf, type RunSummary } from "./summary.ts";

/** What changed between two runs, in one metric of one subject. */
export interface Change {
  readonly experiment: string;
  readonly subject: string;
  readonly metric: string;
  readonly quantile: "p50" | "p99";
  /** New to old. */
  readonly ratio: Estimate;
  readonly difference: Difference;
}

/**
 * Compares what both runs measured. What drifted on the machine between the runs is in the ratios too, which is why peers
 * are compared as well: they did not change.
 */
export function compareRuns(
  before: readonly LabRecord[],
  after: readonly LabRecord[],
  { experiments }: RunSummary,
): Change[] {
  const changes: Change[] = [];
  for (const { experiment, metrics } of experiments) {
    for (const { metric, figures } of metrics) {
      for (const { subject } of figures) {
        const old = roundsOf(before, experiment.experiment, subject, metric.name);
        const fresh = roundsOf(after, experiment.experiment, subject, metric.name);
        if (old.length === 0 || fresh.length === 0) continue;
        for (const [name, share] of [
          ["p50", 0.5],
          ["p99", 0.99],
        ] as const) {
          const ratio = estimateRatio(fresh, old, share, false);
          changes.push({
            experiment: experiment.experiment,
            subject,
            metric: metric.name,
            quantile: name,
            ratio,
            difference: judgeChange(ratio, metric.lessIsBetter),
          });
        }
      }
    }
  }
  return changes;
}
