import type { Estimate } from "../statistics/bootstrap.ts";
import { formatFigure } from "./format-figure.ts";
import type { ExperimentSummary, Figures, RunSummary } from "./summary.ts";

/** One of the aims of the project, with what a run says of it. */
export interface AimResult {
  readonly what: string;
  readonly aim: string;
  /** What was measured; why there is nothing where it was not. */
  readonly measured: string;
  /** `unclear`: the aim lies within the interval of what was measured. */
  readonly verdict: "met" | "not met" | "unclear" | "not measured";
}

type Read = (run: RunSummary) => Estimate | null;

interface Aim {
  readonly what: string;
  readonly aim: string;
  readonly most?: number;
  readonly least?: number;
  readonly read: Read;
  readonly show: (value: number) => string;
  /** Only where nothing failed. */
  readonly withoutErrors?: string;
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
    withoutErrors: "tenants-10000",
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

function judge({ what, aim, most, least, read, show, withoutErrors }: Aim, run: RunSummary): AimResult {
  const range = read(run);
  const failed = run.experiments
    .filter(({ experiment }) => experiment.experiment === withoutErrors)
    .flatMap(({ failures }) => failures)
    .find(({ subject }) => subject === run.run.ours);
  if (failed !== undefined)
    return { what, aim, measured: `failed: ${failed.message.split("\n")[0]!}`, verdict: "not met" };
  if (range === null) return { what, aim, measured: "", verdict: "not measured" };
  const measured = `${show(range.value)} (${show(range.low)} to ${show(range.high)})`;
  const meets = (value: number): boolean => value <= (most ?? Infinity) && value >= (least ?? -Infinity);
  const [atLow, atHigh] = [meets(range.low), meets(range.high)];
  return { what, aim, measured, verdict: atLow && atHigh ? "met" : atLow || atHigh ? "unclear" : "not met" };
}

function toPeer(experiment: string, metric: string, peer: string, quantile: "p50" | "p99"): Read {
  return ({ experiments }) => figures(experiments, experiment, metric, peer)?.ratio?.[quantile] ?? null;
}

function own(experiment: string, metric: string, quantile: "p50" | "p99"): Read {
  return ({ run, experiments }) => figures(experiments, experiment, metric, run.ours)?.[quantile] ?? null;
}

function figures(
  experiments: readonly ExperimentSummary[],
  name: string,
  metric: string,
  subject: string,
): Figures | undefined {
  return experiments
    .find(({ experiment }) => experiment.experiment === name)
    ?.metrics.find((one) => one.metric.name === metric)
    ?.figures.find((one) => one.subject === subject);
}

/** The ratio of two figures that were measured apart: its range is as wide as both allow. */
function over(a: Estimate | null, b: Estimate | null): Estimate | null {
  if (a === null || b === null) return null;
  return { value: a.value / b.value, low: a.low / b.high, high: a.high / b.low };
}
