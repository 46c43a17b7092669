import type { Metric } from "../laboratory/experiment.ts";
import {
  controlOf,
  type EndRecord,
  type ExperimentRecord,
  type FailureRecord,
  type LabRecord,
  type RunRecord,
  type SamplesRecord,
  type SubjectRecord,
  type WorkerRecord,
} from "../laboratory/records.ts";
import {
  type Estimate,
  estimateQuantile,
  estimateRatio,
  type RatioEstimate,
  type Rounds,
} from "../statistics/bootstrap.ts";
import { type ControlVerdict, judgeControl } from "../statistics/control.ts";
import { Distribution } from "../statistics/distribution.ts";
import { Pool } from "../statistics/pool.ts";

/** Quantiles that are compared, by the names that they have in reports. */
export const COMPARED = { p50: 0.5, p99: 0.99 } as const;
export type Compared = keyof typeof COMPARED;

/** What one subject's samples of one metric say. */
export interface Figures {
  readonly subject: string;
  readonly count: number;
  /** In how many rounds they were measured. */
  readonly rounds: number;
  readonly min: number;
  readonly max: number;
  readonly p50: Estimate;
  readonly p90: number;
  readonly p99: Estimate;
  readonly p999: number;
  /** Ours to this subject's, by median and by 99th percentile; null for our own. Below 1 is less. */
  readonly ratio: Readonly<Record<Compared, RatioEstimate | null>> | null;
  /** All samples, each round weighing the same. */
  readonly pool: Pool;
}

export interface MetricSummary {
  readonly metric: Metric;
  readonly figures: readonly Figures[];
  /** What the control run says of each quantile; null where there was none. */
  readonly control: Readonly<Record<Compared, ControlVerdict | null>>;
}

/** A subject that failed in some rounds, with what it said first. */
export interface FailureSummary {
  readonly subject: string;
  readonly message: string;
  readonly rounds: number;
}

export interface ExperimentSummary {
  readonly experiment: ExperimentRecord;
  readonly metrics: readonly MetricSummary[];
  readonly failures: readonly FailureSummary[];
  /** Subjects whose client had its own thread busy for most of a load, with that share: it may be what limits them. */
  readonly busyClients: readonly { readonly subject: string; readonly share: number }[];
}

export interface RunSummary {
  readonly run: RunRecord;
  readonly subjects: readonly (SubjectRecord & { readonly conditions: string })[];
  readonly experiments: readonly ExperimentSummary[];
  /** That the run did not come to its end, in a sentence; null where it did. */
  readonly cutOff: string | null;
  /** The worker that the run was about; null for a run of the laboratory. */
  readonly worker: WorkerRecord | null;
}

/** Share of a load's time from which on a client is called busy. */
const BUSY = 0.9;

/** Sums up the lines of a run. @throws Error without its first line. */
export function summarizeRun(records: readonly LabRecord[]): RunSummary {
  const run = records.find((record) => record.type === "run");
  if (run === undefined) throw new Error(`the file has no line with "type": "run"; it must be the first`);
  const subjects = records.filter((record) => record.type === "subject");
  const experiments = records
    .filter((record) => record.type === "experiment")
    .map((experiment) => summarizeExperiment(experiment, records, subjects, run.ours));
  const conditions = new Map(
    records.filter((record) => record.type === "conditions").map(({ subject, text }) => [subject, text]),
  );
  const worker = records.find((record) => record.type === "worker") ?? null;
  const end = records.find((record) => record.type === "end");
  // A run without its last line was cut off.
  const machine = { ...run.machine, ...(end?.machine ?? { end: "the run was cut off" }) };
  return {
    run: { ...run, machine },
    subjects: subjects.map((one) => ({ ...one, conditions: conditions.get(one.subject) ?? "" })),
    experiments,
    cutOff: cutOff(end),
    worker,
  };
}

function cutOff(end: EndRecord | undefined): string | null {
  const tail = "this report is of fewer rounds and experiments than were asked for.";
  if (end === undefined) return `This run was cut off: ${tail}`;
  if (end.interrupted === undefined) return null;
  return `This run was interrupted after ${end.interrupted.done} of ${end.interrupted.of} measurements: ${tail}`;
}

function summarizeExperiment(
  experiment: ExperimentRecord,
  records: readonly LabRecord[],
  subjects: readonly SubjectRecord[],
  oursName: string,
): ExperimentSummary {
  const againName = controlOf(oursName);
  const names = [...subjects.map(({ subject }) => subject), againName];
  const metrics = experiment.metrics.map((metric): MetricSummary => {
    const rounds = new Map<string, Rounds>();
    for (const name of names) {
      const found = roundsOf(records, experiment.experiment, name, metric.name);
      if (found.size > 0) rounds.set(name, found);
    }
    const ours = rounds.get(oursName);
    const again = rounds.get(againName);
    const control = (share: number): ControlVerdict | null =>
      ours && again ? judgeControl(estimateRatio(ours, again, share)) : null;
    rounds.delete(againName);
    return {
      metric,
      control: { p50: control(COMPARED.p50), p99: control(COMPARED.p99) },
      figures: [...rounds].map(([subject, of]) => figures(subject, of, subject === oursName ? null : ours)),
    };
  });
  return {
    experiment,
    metrics,
    failures: failuresOf(records, experiment.experiment),
    busyClients: busyClientsOf(records, experiment.experiment),
  };
}

function failuresOf(records: readonly LabRecord[], experiment: string): FailureSummary[] {
  const all = records.filter(
    (record): record is FailureRecord => record.type === "failure" && record.experiment === experiment,
  );
  return [...Map.groupBy(all, ({ subject }) => subject)].map(([subject, failed]) => ({
    subject,
    message: failed[0]!.message,
    rounds: failed.length,
  }));
}

function busyClientsOf(
  records: readonly LabRecord[],
  experiment: string,
): { readonly subject: string; readonly share: number }[] {
  const busy = new Map<string, number>();
  for (const record of records) {
    if (record.type !== "samples" || record.experiment !== experiment) continue;
    const share = record.clientBusy ?? 0;
    if (share >= BUSY) busy.set(record.subject, Math.max(share, busy.get(record.subject) ?? 0));
  }
  return [...busy].map(([subject, share]) => ({ subject, share }));
}

/** The samples of one metric, by the number of the round. */
export function roundsOf(
  records: readonly LabRecord[],
  experiment: string,
  subject: string,
  metric: string,
): Rounds {
  return new Map(
    records
      .filter(
        (record): record is SamplesRecord =>
          record.type === "samples" && record.experiment === experiment && record.subject === subject,
      )
      .map(({ round, samples }) => [round, Distribution.of(samples[metric] ?? [])] as const)
      .filter(([, { count }]) => count > 0),
  );
}

/** @param ours The rounds that it is compared with; null for ours themselves. */
function figures(subject: string, rounds: Rounds, ours: Rounds | null | undefined): Figures {
  const all = [...rounds.values()];
  const pool = new Pool(all);
  return {
    subject,
    count: all.reduce((sum, { count }) => sum + count, 0),
    rounds: rounds.size,
    min: Math.min(...all.map(({ least }) => least)),
    max: Math.max(...all.map(({ most }) => most)),
    p50: estimateQuantile(rounds, COMPARED.p50),
    p90: pool.quantile(0.9),
    p99: estimateQuantile(rounds, COMPARED.p99),
    p999: pool.quantile(0.999),
    ratio:
      ours === undefined || ours === null
        ? null
        : {
            p50: estimateRatio(ours, rounds, COMPARED.p50),
            p99: estimateRatio(ours, rounds, COMPARED.p99),
          },
    pool,
  };
}
