import type { Comparison } from "../compare-runs.ts";
import { formatEstimate, formatFigure, formatQuantile, formatRatio, isBeyond } from "../format-figure.ts";
import { aimsSection } from "./aims-section.ts";
import { anatomySection } from "./anatomy-section.ts";
import { phasesOf } from "../phases.ts";
import { busyText, controlTexts, failureText } from "../terminal-report.ts";
import type { ExperimentSummary, MetricSummary, RunSummary } from "../summary.ts";
import { escapeHtml as escape } from "./escape-html.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { barPlot, distributionPlot, growthPlot, phasesPlot } from "./plots.ts";
import { subjectColors } from "./subject-colors.ts";

type Colors = ReturnType<typeof subjectColors>;

/** A run as one page that needs nothing else: no script, no network. */
export function reportPage(summary: RunSummary, comparison: Comparison | null = null): string {
  const colors = subjectColors(summary.subjects.map(({ subject }) => subject));
  const { run, subjects, experiments, worker, cutOff } = summary;
  const title = worker === null ? "Skerry: the cold-start laboratory" : `Skerry: ${worker.name} measured`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${escape(title)}</h1>
${cutOff === null ? "" : `<p><strong>${escape(cutOff)}</strong></p>`}
<p>Measured at ${escape(run.startedAt)}. Each runtime was started in a fresh process for each of ${run.size.rounds} ${run.size.rounds === 1 ? "round" : "rounds"}, one after
the other, forwards and backwards in turn. Times are those of a client in a process of its own. Intervals are 95 % (bootstrap over
rounds, times Student's t), ratios are made of the rounds that both have. No sample is left out: where there are many they are rounded to three
digits and counted.</p>
<pre>${escape(run.command)}</pre>
${definitions(run.machine)}
<h2>Runtimes</h2>
<div class="scroll"><table class="words"><tr><th>name</th><th>what it is</th><th>version</th><th>flags</th></tr>
${subjects.map(({ subject, title, version, flags = "", conditions }) => `<tr><td>${key(subject, colors)}${escape(subject)}</td><td>${escape(conditions === "" ? title : `${title}; ${conditions}`)}</td><td>${escape(version)}</td><td><code>${escape(flags)}</code></td></tr>`).join("\n")}
</table></div>
${anatomySection(summary)}
${aimsSection(summary)}
${comparison === null ? "" : comparisonSection(comparison)}
${growth(experiments, "warm-", "Warm requests by connections", "connections", colors)}
${growth(experiments, "tenants-", "Requests by tenants", "tenants", colors)}
${experiments.map((experiment) => experimentSection(experiment, colors, run.ours)).join("\n")}
</body>
</html>
`;
}

function definitions(machine: Readonly<Record<string, string>>): string {
  const rows = Object.entries(machine).map(
    ([name, value]) => `<tr><td>${escape(name)}</td><td>${escape(value)}</td></tr>`,
  );
  return `<div class="scroll"><table class="words">${rows.join("\n")}</table></div>`;
}

function experimentSection(summary: ExperimentSummary, colors: Colors, ours: string): string {
  const { experiment, metrics, failures, busyClients } = summary;
  const shown = metrics.filter(({ metric, figures }) => metric.phase !== true && figures.length > 0);
  return `<h2 id="${escape(experiment.experiment)}">${escape(experiment.title)}</h2>
<p class="faint">${escape(experiment.about)}</p>
${phasesSection(summary)}
${shown.map((metric) => metricSection(metric, colors, ours)).join("\n")}
${[...failures.map(failureText), ...busyClients.map(({ subject, share }) => busyText(subject, share))].map((text) => `<p>${escape(text)}</p>`).join("\n")}`;
}

function phasesSection(summary: ExperimentSummary): string {
  const phases = phasesOf(summary);
  if (phases === null) return "";
  const rows = phases.rows.map(
    ({ phase, meaning, us }) =>
      `<tr><td>${escape(phase)}</td>${us.map((value) => `<td>${formatFigure(value, "us")}</td>`).join("")}<td class="meaning">${escape(meaning)}</td></tr>`,
  );
  return `<h3>What it is made of</h3>
${phasesPlot(phases)}
<div class="scroll"><table>
<tr><th>phase, median</th>${phases.subjects.map((subject) => `<th>${escape(subject)}</th>`).join("")}<th></th></tr>
${rows.join("\n")}
</table></div>`;
}

function metricSection(summary: MetricSummary, colors: Colors, ours: string): string {
  const { metric, figures, control } = summary;
  const many = figures.some(({ count }) => count > 20);
  const rows = figures.map(
    ({ subject, p50, p90, p99, p999, min, max, count, ratio }) =>
      `<tr><td>${key(subject, colors)}${escape(subject)}</td>` +
      [
        formatEstimate(p50, metric.unit),
        formatQuantile(p90, 0.9, count, metric.unit),
        isBeyond(0.99, count) ? formatEstimate(p99, metric.unit) : "",
        formatQuantile(p999, 0.999, count, metric.unit),
        formatFigure(min, metric.unit),
        formatFigure(max, metric.unit),
        String(count),
        ratio?.p50 ? formatRatio(ratio.p50) : "",
        ratio?.p99 && isBeyond(0.99, count) ? formatRatio(ratio.p99) : "",
      ]
        .map((text) => `<td>${text}</td>`)
        .join("") +
      "</tr>",
  );
  return `<h3>${escape(metric.name)}</h3>
${many && metric.unit === "us" ? distributionPlot(summary, colors) : ""}
${barPlot(summary, colors)}
<div class="scroll"><table>
<tr><th></th><th>p50 (95 % interval)</th><th>p90</th><th>p99 (95 % interval)</th><th>p99.9</th><th>min</th><th>max</th><th>n</th><th>${escape(ours)} / it, p50</th><th>p99</th></tr>
${rows.join("\n")}
</table></div>
${controlTexts(control, ours)
  .map((text) => `<p class="faint">${escape(text)}</p>`)
  .join("\n")}`;
}

function growth(
  experiments: readonly ExperimentSummary[],
  prefix: string,
  title: string,
  bottom: string,
  colors: Colors,
): string {
  const points = (metricName: string): { at: number; metric: MetricSummary }[] =>
    experiments.flatMap(({ experiment, metrics }) => {
      const at = Number(experiment.experiment.slice(prefix.length));
      const metric = metrics.find((one) => one.metric.name === metricName);
      const fits =
        experiment.experiment.startsWith(prefix) &&
        at > 0 &&
        metric !== undefined &&
        metric.figures.length > 0;
      return fits ? [{ at, metric }] : [];
    });
  const times = points("whole answer");
  const throughput = points("throughput");
  const memory = points("memory");
  if (times.length < 2) return "";
  return `<h2>${escape(title)}</h2>
${growthPlot(times, bottom, colors, ({ p50 }) => p50.value, "median")}
${growthPlot(times, bottom, colors, ({ p99 }) => p99.value, "99th percentile")}
${throughput.length < 2 ? "" : growthPlot(throughput, bottom, colors, ({ p50 }) => p50.value, "throughput")}
${memory.length < 2 ? "" : growthPlot(memory, bottom, colors, ({ p50 }) => p50.value, "memory of all processes")}`;
}

function comparisonSection({ changes, onlyNow, warnings }: Comparison): string {
  const rows = changes.map(
    ({ experiment, subject, metric, quantile, ratio, difference }) =>
      `<tr><td>${escape(experiment)}</td><td>${escape(subject)}</td><td>${escape(metric)}, ${quantile}</td>` +
      `<td>${formatRatio(ratio)}</td><td class="${difference}">${difference}</td></tr>`,
  );
  const notes = [
    ...warnings,
    ...(onlyNow.length === 0 ? [] : [`The run before has nothing of: ${onlyNow.join("; ")}.`]),
  ];
  return `<h2>Compared with the run before</h2>
<p>${changes.length} figures are in both runs; the whole table is held to 5 % of false alarms (Holm).</p>
${notes.map((note) => `<p><strong>${escape(note)}</strong></p>`).join("\n")}
<div class="scroll"><table><tr><th>experiment</th><th>runtime</th><th>figure</th><th>now / before</th><th></th></tr>
${rows.join("\n")}</table></div>`;
}

function key(subject: string, { domain, range }: Colors): string {
  return `<span class="key" style="background:${range[domain.indexOf(subject)] ?? "gray"}"></span>`;
}
