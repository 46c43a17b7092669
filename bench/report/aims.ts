import type { Estimate } from "../statistics/bootstrap.ts";
import { formatFigure, formatInterval } from "./format-figure.ts";
import type { Compared, ExperimentSummary, Figures, MetricSummary, RunSummary } from "./summary.ts";

/** One of the aims of the project, with what a run says of it. */
export interface AimResult {
  readonly what: string;
  readonly aim: string;
  /** What was measured; why there is nothing where it was not. */
  readonly measured: string;
  /** `unclear`: the aim lies within the interval of what was measured, or the control run says that nothing can be concluded. */
  readonly verdict: "met" | "not met" | "unclear" | "not measured";
}

/** What a run says of an aim. */
interface Reading {
  readonly estimate: Estimate;
  /** Experiments that it rests on; where ours or the peer failed in one, that is said. */
  readonly experiments: readonly string[];
  readonly subjects: readonly string[];
  /** Whether every control run of it was 1 within its interval; null where there was none. */
  readonly conclusive: boolean | null;
}

type Read = (run: RunSummary) => Reading | null;

interface Aim {
  readonly what: string;
  readonly aim: string;
  readonly most?: number;
  readonly least?: number;
  readonly read: Read;
  readonly show: (value: number) => string;
}

const WHOLE = "whole answer";
const THROUGHPUT = "throughput";
const ratio = (value: number): string => value.toFixed(value < 0.1 ? 3 : 2);

/** The table of aims: all are ratios or figures of one run on one machine, through process cells. */
const AIMS: readonly Aim[] = [
  {
    what: "cold start of a never-seen small worker, p50",
    aim: "at most 1/8 of workerd's Worker Loader",
    most: 1 / 8,
    read: toPeer("cold-tenant", WHOLE, "workerd-loader", "p50"),
    show: ratio,
  },
  {
    what: "the same by itself",
    aim: "under 1 ms",
    most: 1_000,
    read: own("cold-tenant", WHOLE, "p50"),
    show: (value) => formatFigure(value, "us"),
  },
  {
    what: "cold start of a never-seen small worker, p99",
    aim: "at most 1/4 of workerd's Worker Loader",
    most: 1 / 4,
    read: toPeer("cold-tenant", WHOLE, "workerd-loader", "p99"),
    show: ratio,
  },
  {
    what: "cold start of a 1 MB bundle with code cache, p50",
    aim: "at most 1/4 of workerd's Worker Loader",
    most: 1 / 4,
    read: toPeer("cold-bundle-cached", WHOLE, "workerd-loader", "p50"),
    show: ratio,
  },
  {
    what: "warm hello, 64 connections, throughput",
    aim: "at least 3 times workerd's",
    least: 3,
    read: toPeer("warm-64", THROUGHPUT, "workerd", "p50"),
    show: ratio,
  },
  {
    what: "the same",
    aim: "at least 60 % of raw node:http",
    least: 0.6,
    read: toPeer("warm-64", THROUGHPUT, "raw-http", "p50"),
    show: ratio,
  },
  {
    what: "warm hello, 1 connection, p50",
    aim: "at or under workerd's",
    most: 1,
    read: toPeer("warm-1", WHOLE, "workerd", "p50"),
    show: ratio,
  },
  {
    what: "memory per warm idle tenant",
    aim: "at or under 1.6 MB",
    most: 1.6,
    read: own("density", "memory of a warm tenant", "p50"),
    show: (value) => formatFigure(value, "MB"),
  },
  {
    what: "10,000 tenants, LRU of 1,000, Zipf: p99",
    aim: "no error, under 25 ms",
    most: 25_000,
    read: own("tenants-10000", WHOLE, "p99"),
    show: (value) => formatFigure(value, "us"),
  },
  {
    what: "the same: throughput",
    aim: "at least 50 % of that with one tenant",
    least: 0.5,
    read: (run) =>
      over(own("tenants-10000", THROUGHPUT, "p50")(run), own("tenants-1", THROUGHPUT, "p50")(run)),
    show: ratio,
  },
  {
    what: "KV get in a worker, throughput of 16 connections",
    aim: "at least 10 times miniflare's",
    least: 10,
    read: toPeer("kv-16", THROUGHPUT, "miniflare", "p50"),
    show: ratio,
  },
];

/** Judges a run by the table of aims. Empty for a run that measured nothing of it. */
export function aimsOf(run: RunSummary): AimResult[] {
  const results = AIMS.map((aim) => judge(aim, run));
  return results.some(({ verdict }) => verdict !== "not measured") ? results : [];
}

function judge({ what, aim, most, least, read, show }: Aim, run: RunSummary): AimResult {
  const reading = read(run);
  if (reading === null) return { what, aim, measured: "", verdict: "not measured" };
  const failures = run.experiments
    .filter(({ experiment }) => reading.experiments.includes(experiment.experiment))
    .flatMap((one) => one.failures)
    .filter(({ subject }) => reading.subjects.includes(subject));
  const ours = failures.find(({ subject }) => subject === run.run.ours);
  // What fails now and then has met nothing, however fast it is in between.
  if (ours !== undefined)
    return { what, aim, measured: `failed: ${ours.message.split("\n")[0]!}`, verdict: "not met" };
  const { value, low, high } = reading.estimate;
  const notes = [
    formatInterval(reading.estimate, show),
    ...failures.map(({ subject, rounds }) => `${subject} failed in ${rounds}`),
    ...(reading.conclusive === false ? ["the control differs from itself"] : []),
  ];
  const measured = `${show(value)} (${notes.join("; ")})`;
  const meets = (one: number): boolean => one <= (most ?? Infinity) && one >= (least ?? -Infinity);
  const [atLow, atHigh] = [meets(low), meets(high)];
  const isClear = reading.conclusive !== false && atLow === atHigh;
  return { what, aim, measured, verdict: isClear ? (atLow ? "met" : "not met") : "unclear" };
}

function toPeer(experiment: string, metric: string, peer: string, quantile: Compared): Read {
  return (run) => {
    const found = metricOf(run.experiments, experiment, metric);
    const estimate = figuresOf(found, peer)?.ratio?.[quantile] ?? null;
    return estimate === null ? null : reading(estimate, experiment, [run.run.ours, peer], found, quantile);
  };
}

function own(experiment: string, metric: string, quantile: Compared): Read {
  return ({ run, experiments }) => {
    const found = metricOf(experiments, experiment, metric);
    const estimate = figuresOf(found, run.ours)?.[quantile];
    return estimate === undefined ? null : reading(estimate, experiment, [run.ours], found, quantile);
  };
}

function reading(
  estimate: Estimate,
  experiment: string,
  subjects: readonly string[],
  metric: MetricSummary | undefined,
  quantile: Compared,
): Reading {
  const conclusive = metric?.control[quantile]?.conclusive ?? null;
  return { estimate, experiments: [experiment], subjects, conclusive };
}

function metricOf(
  experiments: readonly ExperimentSummary[],
  name: string,
  metric: string,
): MetricSummary | undefined {
  return experiments
    .find(({ experiment }) => experiment.experiment === name)
    ?.metrics.find((one) => one.metric.name === metric);
}

function figuresOf(metric: MetricSummary | undefined, subject: string): Figures | undefined {
  return metric?.figures.find((one) => one.subject === subject);
}

/** The ratio of two figures that were measured apart: its range is as wide as both allow. */
function over(a: Reading | null, b: Reading | null): Reading | null {
  if (a === null || b === null) return null;
  const estimate = {
    value: a.estimate.value / b.estimate.value,
    low: a.estimate.low / b.estimate.high,
    high: a.estimate.high / b.estimate.low,
  };
  const known = [a.conclusive, b.conclusive].filter((one) => one !== null);
  return {
    estimate,
    experiments: [...a.experiments, ...b.experiments],
    subjects: [...a.subjects, ...b.subjects],
    conclusive: known.length === 0 ? null : known.every(Boolean),
  };
}
