import type { CellKind } from "../cell-kind.ts";
import type { Row } from "./scenario.ts";

/** A whole run, as it is written to JSON. */
export interface MicroReport {
  readonly startedAt: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly results: readonly { readonly cell: CellKind; readonly rows: readonly Row[] }[];
}

/** The table for a terminal. */
export function table(report: MicroReport): string {
  const lines: string[] = Object.entries(report.machine).map(([key, value]) => `${key.padEnd(8)}${value}`);
  for (const { cell, rows } of report.results) {
    lines.push("", `cell: ${cell}`);
    lines.push(row("", "", "unit", "min", "p50", "p90", "p99", "n"));
    let scenario = "";
    for (const { scenario: name, what, unit, summary } of rows) {
      const { min, p50, p90, p99, n } = summary;
      lines.push(
        row(name === scenario ? "" : name, what, unit, show(min), show(p50), show(p90), show(p99), String(n)),
      );
      scenario = name;
    }
  }
  return lines.join("\n");
}

function row(scenario: string, what: string, unit: string, ...figures: string[]): string {
  return (
    scenario.padEnd(34) + what.padEnd(30) + unit.padEnd(12) + figures.map((text) => text.padStart(9)).join("")
  );
}

function show(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}
