import { aimsOf } from "./aims.ts";
import { aimsTable } from "./aims-table.ts";
import { type Anatomy, anatomyOf } from "./anatomy.ts";
import {
  formatBytes,
  formatEstimate,
  formatFigure,
  formatQuantile,
  formatRatio,
  isBeyond,
} from "./format-figure.ts";
import { type Phases, phasesOf } from "./phases.ts";
import { sparkline, sparkScale } from "./sparkline.ts";
import type { RatioEstimate } from "../statistics/bootstrap.ts";
import type { ExperimentSummary, MetricSummary, RunSummary } from "./summary.ts";
import { textTable } from "./text-table.ts";

/** Noise beyond which the figure itself is of no use. */
const MOST_NOISE = 10;
const BAR_WIDTH = 40;
const MOST_WIDTH = 110;
const HEAD_WIDTH = 18;

/** A run as tables for a terminal. */
export function terminalReport(summary: RunSummary): string {
  const { run, subjects, experiments, cutOff } = summary;
  const head = [
    `${run.command}, at ${run.startedAt}`,
    ...[
      ...Object.entries(run.machine),
      ...subjects.map(({ subject, title, version, flags = "", conditions }) => [
        subject,
        [title, version, flags, conditions].filter((text) => text !== "").join("; "),
      ]),
    ].map(([name = "", text]) => `${name.padEnd(HEAD_WIDTH)} ${text}`),
  ];
  const body = experiments.flatMap((experiment) => [
    "",
    ...experimentLines(experiment, run.ours, cutOff !== null),
  ]);
  const anatomy = anatomyOf(summary);
  const aims = anatomy === null ? aimsOf(summary) : [];
  if (aims.length > 0) body.push("", ...aimsTable(aims));
  // What matters most stands last, where a terminal shows it.
  if (anatomy !== null) body.push(...anatomyLines(anatomy));
  if (cutOff !== null) body.push("", cutOff);
  return [...head, ...body].join("\n");
}

/** What a worker is made of, and what would help, in lines of a width that a terminal has. */
function anatomyLines({ facts, parts, advice }: Anatomy): string[] {
  return [
    "",
    "What its cold start is made of",
    ...facts.flatMap(([name, text]) => wrap(text, `  ${name.padEnd(12)}`)),
    ...(parts.length === 0 ? [] : ["", "  largest parts of its code"]),
    ...(parts.length === 0
      ? []
      : textTable(
          parts.map(({ name, bytes, share }) => [name, formatBytes(bytes), `${(share * 100).toFixed(1)} %`]),
        )),
    "",
    "  advice",
    ...advice.flatMap((text) => wrap(text, "  - ")),
  ];
}

function wrap(text: string, first: string): string[] {
  const lines = [first];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    const isFresh = line.trimEnd().length <= first.trimEnd().length && line.length <= first.length;
    if (!isFresh && line.length + 1 + word.length > MOST_WIDTH) lines.push(" ".repeat(first.length) + word);
    else lines[lines.length - 1] = isFresh ? line + word : `${line} ${word}`;
  }
  return lines;
}

function experimentLines(summary: ExperimentSummary, ours: string, isCutOff: boolean): string[] {
  const { experiment, metrics, failures, busyClients } = summary;
  const lines = [`${experiment.title}  [${experiment.experiment}]`];
  for (const metric of metrics)
    if (metric.metric.phase !== true && metric.figures.length > 0) lines.push(...metricLines(metric, ours));
  const phases = phasesOf(summary);
  if (phases !== null) lines.push(...phaseLines(phases));
  for (const failure of failures) lines.push(`  ${failureText(failure)}`);
  for (const { subject, share } of busyClients) lines.push(`  ${busyText(subject, share)}`);
  if (metrics.every(({ figures }) => figures.length === 0))
    lines.push(
      isCutOff
        ? "  nothing was measured until the run ended"
        : "  nothing was measured: no runtime that was asked for could take part",
    );
  return lines;
}

function metricLines({ metric, figures, control }: MetricSummary, ours: string): string[] {
  const [low, high] = sparkScale(figures.map(({ pool }) => pool));
  const head = ["", "p50 (95 %)", "p90", "p99", "p99.9", "min", "max", "n", `${ours} / it, p50`, "p99", ""];
  const rows = figures.map(({ subject, p50, p90, p99, p999, min, max, count, ratio, pool }) => [
    subject,
    formatEstimate(p50, metric.unit),
    formatQuantile(p90, 0.9, count, metric.unit),
    formatQuantile(p99.value, 0.99, count, metric.unit),
    formatQuantile(p999, 0.999, count, metric.unit),
    formatFigure(min, metric.unit),
    formatFigure(max, metric.unit),
    String(count),
    formatRatioOf(ratio?.p50),
    isBeyond(0.99, count) ? formatRatioOf(ratio?.p99) : "",
    sparkline(pool, low, high),
  ]);
  return [
    `  ${metric.name}`,
    ...textTable([head, ...rows]),
    ...controlTexts(control, ours).map((text) => `  ${text}`),
  ];
}

/** Phases as a table, with a bar of the first subject that shows where in the whole each one lies. */
function phaseLines({ subjects, rows, wholeUs }: Phases): string[] {
  const total = rows.reduce((sum, { us }) => sum + us[0]!, 0);
  let before = 0;
  const table = rows.map(({ phase, us }) => {
    const from = Math.round((before / total) * BAR_WIDTH);
    before += us[0]!;
    const to = Math.round((before / total) * BAR_WIDTH);
    // Room for what is too short to be seen keeps every bar as wide as the others.
    const bar = `${" ".repeat(from)}${"█".repeat(Math.max(to - from, 0))}`.padEnd(BAR_WIDTH);
    return [phase, bar, ...us.map((value) => formatFigure(value, "us"))];
  });
  return [
    "  what it is made of, medians until the first byte",
    ...textTable([
      ["", "", ...subjects],
      ...table,
      ["all", "", ...wholeUs.map((value) => formatFigure(value, "us"))],
    ]),
  ];
}

/** What the control run means for whoever reads the figures above it. */
export function controlTexts(control: MetricSummary["control"], ours: string): string[] {
  const texts = (["p50", "p99"] as const).flatMap((quantile) => {
    const verdict = control[quantile];
    if (verdict === null) return [];
    const noise = `${(verdict.noise * 100).toFixed(0)} %`;
    if (!verdict.conclusive)
      return `control, ${quantile}: ${ours} against itself differs (${noise}); the machine is too restless to conclude anything here`;
    const means =
      verdict.noise > MOST_NOISE ? "no difference means anything" : `differences below ${noise} mean nothing`;
    return `control, ${quantile}: ${ours} against itself is 1 within its interval; ${means}`;
  });
  return texts.length > 0
    ? texts
    : ["no control run of two rounds or more: differences may be the machine's"];
}

/** What failed, and how often. */
export function failureText({ subject, message, rounds }: ExperimentSummary["failures"][number]): string {
  const times = rounds === 1 ? "in one round" : `in ${rounds} rounds`;
  return `${subject} failed ${times}: ${message.split("\n")[0]!.slice(0, 300)}`;
}

/** That the client itself may be what was measured. */
export function busyText(subject: string, share: number): string {
  return `the client of ${subject} was busy for ${(share * 100).toFixed(0)} % of the time: it may be the limit, and not the server`;
}

function formatRatioOf(ratio: RatioEstimate | null | undefined): string {
  return ratio === null || ratio === undefined ? "" : formatRatio(ratio);
}
