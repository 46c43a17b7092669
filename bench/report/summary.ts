import type { Metric } from "../laboratory/experiment.ts";
import {
  controlOf,
  type ExperimentRecord,
  type FailureRecord,
  type LabRecord,
  type RunRecord,
  type SamplesRecord,
  type SubjectRecord,
  type WorkerRecord,
} from "../laboratory/records.ts";
import { type Estimate, estimateQuantile, estimateRatio, type Rounds } from "../statistics/bootstrap.ts";
import { type ControlVerdict, judgeControl } from "../statistics/control.ts";
import { quantile, sort } from "../statistics/quantile.ts";

/** What one subject's samples of one metric say. */
export interface Figures {
  readonly subject: string;
  readonly count: number;
  readonly min: number;
  readonly p50: Estimate;
  readonly p90: number;
  readonly p99: Estimate;
  readonly p999: number;
  /** Ours to this subject's, by median and by 99th percentile; null for our own. Below 1 is less. */
  readonly ratio: { readonly p50: Estimate; readonly p99: Estimate } | null;
  /** All samples in rising order, none left out. */
  readonly sorted: Float64Array;
}

export interface MetricSummary {
  readonly metric: Metric;
  readonly figures: readonly Figures[];
  /** What the control run says; null where there was none. */
  readonly control: ControlVerdict | null;
}

export interface ExperimentSummary {
  readonly experiment: ExperimentRecord;
  readonly metrics: readonly MetricSummary[];
  readonly failures: readonly { readonly subject: string; readonly message: string }[];
}

export interface RunSummary {
  readonly run: RunRecord;
  readonly subjects: readonly SubjectRecord[];
  readonly experiments: readonly ExperimentSummary[];
  /** The worker that the run was about; null for a run of the laboratory. */
  readonly worker: WorkerRecord | null;
}

/** Sums up the lines of a run. @throws Error without its first line. */
export function summarizeRun(records: readonly LabRecord[]): RunSummary {
  const run = records.find((record) => record.type === "run");
  if (run === undefined) throw new Error(`the file has no line with "type": "run"; it must be the first`);
  const subjects = records.filter((record) => record.type === "subject");
  const experiments = records
    .filter((record) => record.type === "experiment")
    .map((experiment) => summarizeExperiment(experiment, records, subjects, run.ours));
  const worker = records.find((record) => record.type === "worker") ?? null;
  return { run, subjects, experiments, worker };
}

function summarizeExperiment(
  experiment: ExperimentRecord,
  records: readonly LabRecord[],
  subjects: readonly SubjectRecord[],
  oursName: string,
): ExperimentSummary {
  const againName = controlOf(oursName);
  const names = [...subjects.map(({ subject }) => subject), againName];
  const failures = records
    .filter(
      (record): record is FailureRecord =>
        record.type === "failure" && record.experiment === experiment.experiment,
    )
    .filter((record, index, all) => all.findIndex(({ subject }) => subject === record.subject) === index)
    .map(({ subject, message }) => ({ subject, message }));
  const metrics = experiment.metrics.map((metric): MetricSummary => {
    const rounds = new Map<string, Rounds>();
    for (const name of names) {
      const found = roundsOf(records, experiment.experiment, name, metric.name);
      if (found.length > 0) rounds.set(name, found);
    }
    const ours = rounds.get(oursName);
    const again = rounds.get(againName);
    const control = ours && again ? judgeControl(pairs(ours, again, 0.5)) : null;
    rounds.delete(againName);
    return {
      metric,
      control,
      figures: [...rounds].map(([subject, of]) => figures(subject, of, subject === oursName ? null : ours)),
    };
  });
  return { experiment, metrics, failures };
}

/** The samples of one metric, round by round. */
export function roundsOf(
  records: readonly LabRecord[],
  experiment: string,
  subject: string,
  metric: string,
): Rounds {
  return records
    .filter(
      (record): record is SamplesRecord =>
        record.type === "samples" && record.experiment === experiment && record.subject === subject,
    )
    .sort((a, b) => a.round - b.round)
    .map(({ samples }) => samples[metric] ?? [])
    .filter((samples) => samples.length > 0);
}

/** @param ours The rounds that it is compared with; null for ours themselves. */
function figures(subject: string, rounds: Rounds, ours: Rounds | null | undefined): Figures {
  const sorted = sort(rounds.flat());
  return {
    subject,
    count: sorted.length,
    min: sorted[0]!,
    p50: estimateQuantile(rounds, 0.5),
    p90: quantile(sorted, 0.9),
    p99: estimateQuantile(rounds, 0.99),
    p999: quantile(sorted, 0.999),
    ratio:
      ours === undefined || ours === null
        ? null
        : { p50: pairs(ours, rounds, 0.5), p99: pairs(ours, rounds, 0.99) },
    sorted,
  };
}

/** A round in which one of both failed is no pair. */
function pairs(a: Rounds, b: Rounds, share: number): Estimate {
  const count = Math.min(a.length, b.length);
  return estimateRatio(a.slice(0, count), b.slice(0, count), share);
}
