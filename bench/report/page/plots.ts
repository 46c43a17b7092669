import * as Plot from "@observablehq/plot";
import type { Phases } from "../phases.ts";
import type { Figures, MetricSummary } from "../summary.ts";
import { bothWidths } from "./both-widths.ts";
import type { subjectColors } from "./subject-colors.ts";

type Colors = ReturnType<typeof subjectColors>;

/** Points of a curve: more cannot be seen. */
const CURVE_POINTS = 200;
const LABEL_MARGIN = 120;
/** Neighbours that are told apart on light and on dark paper. */
const PHASE_COLORS = [
  "#868e96",
  "#f08c00",
  "#1c7ed6",
  "#66d9e8",
  "#2f9e44",
  "#d9480f",
  "#9c36b5",
  "#e64980",
  "#a8703a",
  "#adb5bd",
];

/** What share of samples is below which value, for each subject. */
export function distributionPlot({ metric, figures }: MetricSummary, colors: Colors): string {
  const points = figures.flatMap(({ subject, pool }) =>
    Array.from({ length: CURVE_POINTS + 1 }, (_, i) => ({
      subject,
      value: scaled(pool.quantile(i / CURVE_POINTS), metric.unit),
      share: (i / CURVE_POINTS) * 100,
    })),
  );
  return bothWidths((width) => ({
    height: Math.round(width * 0.45),
    x: { type: "log", label: `${metric.name}, ${unitName(metric.unit)}`, grid: true },
    y: { label: "% of samples", grid: true },
    color: { ...colors, legend: false },
    marks: [
      Plot.line(points, { x: "value", y: "share", stroke: "subject", strokeWidth: 2, title: "subject" }),
    ],
  }));
}

/** A bar for each subject: its median, with the interval, and the 99th percentile as a tick. */
export function barPlot({ metric, figures }: MetricSummary, colors: Colors): string {
  const rows = figures.map(({ subject, p50, p99 }) => ({
    subject,
    p50: scaled(p50.value, metric.unit),
    // Of one round there is no interval.
    low: scaled(Number.isFinite(p50.high) ? p50.low : p50.value, metric.unit),
    high: scaled(Number.isFinite(p50.high) ? p50.high : p50.value, metric.unit),
    p99: scaled(p99.value, metric.unit),
  }));
  return bothWidths(() => ({
    height: 40 + rows.length * 24,
    marginLeft: LABEL_MARGIN,
    x: {
      label: `${metric.name}, ${unitName(metric.unit)} (bar: median; line: its interval; tick: p99)`,
      grid: true,
    },
    y: { label: null, domain: rows.map(({ subject }) => subject) },
    color: colors,
    marks: [
      Plot.barX(rows, { x: "p50", y: "subject", fill: "subject", insetTop: 3, insetBottom: 3 }),
      Plot.ruleY(rows, { x1: "low", x2: "high", y: "subject", strokeWidth: 2 }),
      ...(metric.unit === "us" ? [Plot.tickX(rows, { x: "p99", y: "subject", strokeDasharray: "2" })] : []),
    ],
  }));
}

/** What a cold start is made of: the median of each phase one after the other, as they follow in time. */
export function phasesPlot({ subjects, rows }: Phases): string {
  const names = rows.map(({ phase }) => phase);
  const parts = rows.flatMap(({ phase, us }) =>
    subjects.map((subject, at) => ({ subject, phase, ms: (us[at] ?? 0) / 1_000 })),
  );
  return bothWidths(() => ({
    height: 60 + subjects.length * 36,
    marginLeft: LABEL_MARGIN,
    x: { label: "ms until the first byte, medians of phases", grid: true },
    y: { label: null, domain: subjects },
    color: {
      legend: true,
      domain: names,
      range: names.map((_, at) => PHASE_COLORS[at % PHASE_COLORS.length]!),
    },
    marks: [
      Plot.barX(parts, Plot.stackX({ x: "ms", y: "subject", fill: "phase", order: null, title: "phase" })),
    ],
  }));
}

/** How a figure grows with what is counted along the bottom, such as connections or tenants. */
export function growthPlot(
  series: readonly { readonly at: number; readonly metric: MetricSummary }[],
  bottom: string,
  colors: Colors,
  value: (figures: Figures) => number,
  label: string,
): string {
  const unit = series[0]!.metric.metric.unit;
  const points = series.flatMap(({ at, metric }) =>
    metric.figures.map((figures) => ({ at, subject: figures.subject, value: scaled(value(figures), unit) })),
  );
  return bothWidths((width) => ({
    height: Math.round(width * 0.45),
    x: {
      type: "log",
      label: bottom,
      ticks: series.map(({ at }) => at),
      tickFormat: (at: number) => at.toLocaleString("en"),
    },
    y: { type: "log", label: `${label}, ${unitName(unit)}`, grid: true },
    color: colors,
    marks: [
      Plot.line(points, { x: "at", y: "value", stroke: "subject", strokeWidth: 2 }),
      Plot.dot(points, { x: "at", y: "value", fill: "subject", r: 3, title: "subject" }),
    ],
  }));
}

function scaled(value: number, unit: MetricSummary["metric"]["unit"]): number {
  return unit === "us" ? value / 1_000 : value;
}

function unitName(unit: MetricSummary["metric"]["unit"]): string {
  return unit === "us" ? "ms" : unit === "requests/s" ? "requests a second" : unit;
}
