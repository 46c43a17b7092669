import type { LabRecord, RunRecord } from "../laboratory/records.ts";
import { estimateRatio, type RatioEstimate } from "../statistics/bootstrap.ts";
import { type Difference, judgeChanges } from "../statistics/control.ts";
import { COMPARED, type Compared, roundsOf, type RunSummary } from "./summary.ts";

/** What changed between two runs, in one metric of one subject. */
export interface Change {
  readonly experiment: string;
  readonly subject: string;
  readonly metric: string;
  readonly quantile: Compared;
  readonly lessIsBetter: boolean;
  /** New to old. */
  readonly ratio: RatioEstimate;
  readonly difference: Difference;
}

/** What two runs have in common, and what speaks against comparing them. */
export interface Comparison {
  readonly changes: readonly Change[];
  /** What this run measured and the one before did not, as `experiment, subject`. */
  readonly onlyNow: readonly string[];
  /** How the two were measured in different ways, in whole sentences. */
  readonly warnings: readonly string[];
}

/** Facts of a machine that differ from run to run and say nothing. */
const PASSING = new Set(["load", "commit", "load at the end", "stolen", "end"]);

/**
 * Compares what both runs measured. What drifted on the machine between the runs is in the ratios too, which is why peers
 * are compared as well: they did not change.
 */
export function compareRuns(
  before: readonly LabRecord[],
  after: readonly LabRecord[],
  { run, experiments }: RunSummary,
): Comparison {
  const compared: Omit<Change, "difference">[] = [];
  const onlyNow: string[] = [];
  for (const { experiment, metrics } of experiments) {
    for (const { metric, figures } of metrics) {
      for (const { subject } of figures) {
        const old = roundsOf(before, experiment.experiment, subject, metric.name);
        const fresh = roundsOf(after, experiment.experiment, subject, metric.name);
        const common = { experiment: experiment.experiment, subject, metric: metric.name };
        if (old.size === 0) onlyNow.push(`${common.experiment}, ${subject}`);
        for (const [quantile, share] of Object.entries(COMPARED) as [Compared, number][]) {
          const ratio = estimateRatio(fresh, old, share, false);
          if (ratio === null) continue;
          compared.push({ ...common, quantile, lessIsBetter: metric.lessIsBetter, ratio });
        }
      }
    }
  }
  const first = before.find((record) => record.type === "run");
  const warnings = first === undefined ? ["The run before has no first line."] : differences(first, run);
  return { changes: judgeChanges(compared), onlyNow: [...new Set(onlyNow)], warnings };
}

function differences(before: RunRecord, after: RunRecord): string[] {
  const names = new Set([...Object.keys(before.machine), ...Object.keys(after.machine)]);
  const machine = [...names]
    .filter((name) => !PASSING.has(name) && before.machine[name] !== after.machine[name])
    .map(
      (name) =>
        `${name} was ${before.machine[name] ?? "not told"}, and is ${after.machine[name] ?? "not told"}.`,
    );
  const sizes = Object.entries(after.size)
    .filter(([name, value]) => name !== "rounds" && before.size[name as keyof RunRecord["size"]] !== value)
    .map(([name, value]) => `${name} was ${before.size[name as keyof RunRecord["size"]]}, and is ${value}.`);
  return [...machine, ...sizes];
}
