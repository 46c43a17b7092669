import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Change, compareRuns } from "../report/compare-runs.ts";
import { formatRatio } from "../report/format-figure.ts";
import { reportPage } from "../report/page/page.ts";
import { summarizeRun } from "../report/summary.ts";
import { terminalReport } from "../report/terminal-report.ts";
import { isThere } from "../subjects/subjects.ts";
import type { LabOptions } from "./lab-options.ts";
import { machineFacts } from "../machine-facts.ts";
import { readRecords } from "./records.ts";
import { runLaboratory } from "./run-laboratory.ts";

const RESULTS = join(import.meta.dirname, "..", "results");

/** Measures, and writes each line when it is known: what was measured before a power cut is not lost. @returns the file */
export async function measureToFile(options: LabOptions, say: (text: string) => void): Promise<string> {
  const { experiments, subjects, size } = options;
  const startedAt = new Date().toISOString();
  const path = options.jsonPath ?? join(RESULTS, `${startedAt.replaceAll(/[:.]/g, "-")}.jsonl`);
  mkdirSync(dirname(path), { recursive: true });
  const command = ["npm run bench --", ...process.argv.slice(2)].join(" ");
  writeFileSync(path, line({ type: "run", startedAt, command, size, machine: machineFacts() }));
  for (const subject of subjects) {
    if (!isThere(subject)) {
      say(`${subject.name} is not installed and left out: npm ci --prefix bench/peers`);
      continue;
    }
    const { name, title } = subject;
    appendFileSync(path, line({ type: "subject", subject: name, title, version: subject.version() }));
  }
  await runLaboratory({
    experiments,
    subjects,
    size,
    say,
    record: (record) => appendFileSync(path, line(record)),
  });
  return path;
}

/** Writes the page of a run. @returns the report for a terminal. */
export async function labReport(path: string, { comparePath, htmlPath }: LabOptions): Promise<string> {
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

function line(record: unknown): string {
  return `${JSON.stringify(record)}\n`;
}
