import type { CellKind } from "../cell-kind.ts";
import type { NoiseRow } from "./measure-noise.ts";

/** What one kind of cell showed. */
export interface NoiseResult {
  readonly cell: CellKind;
  readonly rows: readonly NoiseRow[];
}

/** The goal: the victim's p99 beside noise is at most a fifth, or so many ms, above that alone. */
const SHARE = 1.2;
const MORE_MS = 5;

/** Whether a row is within the goal, for the victim's p99 alone. */
export function isWithinGoal({ summary, errors }: NoiseRow, aloneP99Ms: number): boolean {
  return errors.length === 0 && summary.p99 <= Math.max(aloneP99Ms * SHARE, aloneP99Ms + MORE_MS);
}

/** The table in Markdown: a row for each kind of noise, columns for each kind of cell. */
export function noiseTable(results: readonly NoiseResult[]): string {
  const head = results
    .map(({ cell }) => `${cell}: p50 | p99 | plain server: p99 | host's loop | errors | goal`)
    .join(" | ");
  const lines = [
    `| noise | ${head} |`,
    `| --- |${" ---: | ---: | ---: | ---: | ---: | --- |".repeat(results.length)}`,
  ];
  const count = results[0]?.rows.length ?? 0;
  for (let i = 0; i < count; i++) {
    const noise = results[0]!.rows[i]!.noise;
    const title = noise === null ? "none" : `**${noise.name}**: ${noise.what}`;
    const cells = results.map(({ rows }) => cellsOf(rows[i]!, rows[0]!.summary.p99));
    lines.push(`| ${title} | ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}

function cellsOf(row: NoiseRow, aloneP99Ms: number): string {
  const { p50, p99, n } = row.summary;
  const met = row.noise === null ? "" : isWithinGoal(row, aloneP99Ms) ? "met" : "not met";
  const errors = row.errors.length === 0 ? "0" : `${row.errors.length} of ${n}`;
  const floor = row.bystander.p99.toFixed(1);
  return `${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms | ${floor} ms | ${row.lateMs.toFixed(1)} ms | ${errors} | ${met}`;
}
