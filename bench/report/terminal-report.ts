import { formatFigure, formatRatio } from "./format-figure.ts";
import { sparkline, sparkScale } from "./sparkline.ts";
import type { ExperimentSummary, MetricSummary, RunSummary } from "./summary.ts";

const COLUMNS = ["", "p50", "p90", "p99", "p99.9", "min", "n", "Skerry / it, p50", "p99", ""] as const;

/** A run as tables for a terminal. */
export function terminalReport({ run, experiments }: RunSummary): string {
  const head = Object.entries(run.machine).map(([key, value]) => `${key.padEnd(8)}${value}`);
  return [...head, ...experiments.flatMap((experiment) => ["", ...experimentLines(experiment)])].join("\n");
}

function experimentLines({ experiment, metrics, failures }: ExperimentSummary): string[] {
  const lines = [`${experiment.title}  [${experiment.experiment}]`];
  for (const metric of metrics) lines.push(...metricLines(metric));
  for (const { subject, message } of failures) lines.push(`  ${subject} failed: ${firstLine(message)}`);
  return lines;
}

function metricLines({ metric, figures, control }: MetricSummary): string[] {
  const [low, high] = figures.length === 0 ? [0, 0] : sparkScale(figures.map(({ sorted }) => sorted));
  const rows = figures.map(({ subject, p50, p90, p99, p999, min, count, ratio, sorted }) => [
    subject,
    ...[p50.value, p90, p99.value, p999, min].map((value) => formatFigure(value, metric.unit)),
    String(count),
    ratio === null ? "" : formatRatio(ratio.p50),
    ratio === null ? "" : formatRatio(ratio.p99),
    sparkline(sorted, low, high),
  ]);
  return [`  ${metric.name}`, ...table([[...COLUMNS], ...rows]), `  ${controlText(control)}`];
}

/** What the control run means for whoever reads the figures above it. */
export function controlText(control: MetricSummary["control"]): string {
  if (control === null) return "no control run: differences may be the machine's";
  const noise = `${(control.noise * 100).toFixed(0)} %`;
  return control.conclusive
    ? `control: Skerry against itself is 1 within its interval; differences below ${noise} mean nothing`
    : `control: Skerry against itself differs (${noise}); the machine is too restless to conclude anything here`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(
    (row) =>
      `    ${row.map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!))).join("  ")}`,
  );
}

function firstLine(text: string): string {
  return text.split("\n")[0]!.slice(0, 200);
}
