import { writeFileSync } from "node:fs";
import { type Change, compareRuns } from "../report/compare-runs.ts";
import { formatRatio } from "../report/format-figure.ts";
import { reportPage } from "../report/page/page.ts";
import { summarizeRun } from "../report/summary.ts";
import { terminalReport } from "../report/terminal-report.ts";
import { readRecords } from "./records.ts";

/** Where reports go, and what they compare with. */
export interface ReportOptions {
  /** The page; null for beside the samples. */
  readonly htmlPath: string | null;
  /** A run before this one. */
  readonly comparePath: string | null;
}

/**
 * Writes the page of a run.
 * @param path The run's file of JSON lines.
 * @returns the report for a terminal.
 */
export async function writeReport(path: string, { comparePath, htmlPath }: ReportOptions): Promise<string> {
  const records = await readRecords(path);
  const summary = summarizeRun(records);
  const changes = comparePath === null ? null : compareRuns(await readRecords(comparePath), records, summary);
  const pagePath = htmlPath ?? path.replace(/\.jsonl$/, "") + ".html";
  writeFileSync(pagePath, reportPage(summary, changes));
  const parts = [terminalReport(summary), ...(changes === null ? [] : [changesText(changes)])];
  return `${parts.join("\n\n")}\n\nsamples ${path}\npage    ${pagePath}`;
}

function changesText(changes: readonly Change[]): string {
  const lines = changes
    .filter(({ difference }) => difference !== "same")
    .map(
      ({ experiment, subject, metric, quantile, ratio, difference }) =>
        `  ${difference.padEnd(7)} ${experiment}, ${subject}: ${metric}, ${quantile}: now / before ${formatRatio(ratio)}`,
    );
  return [
    "Compared with the run before:",
    ...(lines.length === 0 ? ["  nothing differs beyond its interval"] : lines),
  ].join("\n");
}
