import type { AimResult } from "./aims.ts";
import { textTable } from "./text-table.ts";

/** The table of aims for a terminal. */
export function aimsTable(aims: readonly AimResult[]): string[] {
  if (aims.length === 0)
    return ["Nothing of the table of aims was measured: --preset aims measures all of it."];
  return [
    "The table of aims (figure, and its 95 % interval)",
    ...leftTable([
      ["", "aim", "measured", ""],
      ...aims.map(({ what, aim, measured, verdict }) => [what, aim, measured, verdict]),
    ]),
  ];
}

function leftTable(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return textTable(rows.map((row) => row.map((text, column) => text.padEnd(widths[column]!))));
}
