import type { Summary } from "./statistics.ts";

/** One line of the table. */
export interface Row {
  readonly scenario: string;
  readonly what: string;
  readonly unit: "ms" | "us" | "MB" | "requests/s";
  readonly summary: Summary;
}

/** How long to measure: the short form only shows that everything works. */
export interface BenchSize {
  readonly samples: number;
  readonly timeMs: number;
}

/** Where isolates live while a scenario runs. */
export type CellKind = "in-process" | "process";

/** Measures one thing and gives its rows. */
export type Scenario = (cell: CellKind, size: BenchSize) => Promise<Row[]>;
