import type { CellKind } from "../cell-kind.ts";
import type { Summary } from "../statistics/summarize.ts";

/** One line of the table. */
export interface Row {
  readonly scenario: string;
  readonly what: string;
  readonly unit: "ms" | "us" | "MB" | "requests/s";
  readonly summary: Summary;
}

/** How long to measure: the short form only shows that everything works. */
export interface MicroSize {
  readonly samples: number;
  readonly timeMs: number;
}

/** Measures one thing and gives its rows. */
export type Scenario = (cell: CellKind, size: MicroSize) => Promise<Row[]>;
