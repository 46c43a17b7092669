import { writeFileSync } from "node:fs";
import { type Comparison, compareRuns } from "../report/compare-runs.ts";
import { formatRatio } from "../report/format-figure.ts";
import { reportPage } from "../report/page/page.ts";
import { summarizeRun } from "../report/summary.ts";
import { terminalReport } from "../report/terminal-report.ts";
import { type LabRecord, readRecords } from "./records.ts";

/** Where reports go, and what they compare with. */
export interface ReportOptions {
  /** The page; null for beside the samples. */
  readonly htmlPath: string | null;
  /** The lines of a run before this one; null to compare with none. */
  readonly before: readonly LabRecord[] | null;
}

/**
 * Writes the page of a run.
 * @param path The run's file of JSON lines.
 * @returns the report for a terminal.
 */
export async function writeReport(path: string, { before, htmlPath }: ReportOptions): Promise<string> {
  const records = await readRecords(path);
  const summary = summarizeRun(records);
  const comparison = before === null ? null : compareRuns(before, records, summary);
  const pagePath = htmlPath ?? path.replace(/\.jsonl$/, "") + ".html";
  writeFileSync(pagePath, reportPage(summary, comparison));
  const parts = [terminalReport(summary), ...(comparison === null ? [] : [comparisonText(comparison)])];
  return `${parts.join("\n\n")}\n\nsamples ${path}\npage    ${pagePath}`;
}

function comparisonText({ changes, onlyNow, warnings }: Comparison): string {
  const lines = changes
    .filter(({ difference }) => difference !== "same")
    .map(
      ({ experiment, subject, metric, quantile, ratio, difference }) =>
        `  ${difference.padEnd(7)} ${experiment}, ${subject}: ${metric}, ${quantile}: now / before ${formatRatio(ratio)}`,
    );
  const found =
    changes.length === 0
      ? ["  nothing could be compared: the two runs have no figure in common"]
      : lines.length === 0
        ? ["  nothing differs beyond what chance does in a table of that size"]
        : lines;
  return [
    `Compared with the run before, ${changes.length} figures that both have:`,
    ...warnings.map((warning) => `  beware: ${warning}`),
    ...found,
    ...(onlyNow.length === 0 ? [] : [`  not in the run before: ${onlyNow.join("; ")}`]),
  ].join("\n");
}
