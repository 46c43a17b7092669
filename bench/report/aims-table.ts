import type { AimResult } from "./aims.ts";
import { textTable } from "./text-table.ts";

const ALL_COLUMNS = [0, 1, 2, 3];

/** The table of aims for a terminal. */
export function aimsTable(aims: readonly AimResult[]): string[] {
  if (aims.length === 0)
    return ["Nothing of the table of aims was measured: --preset aims measures all of it."];
  const rows = aims.map(({ what, aim, measured, verdict }) => [what, aim, measured, verdict]);
  return [
    "The table of aims (figure, and its 95 % interval)",
    ...textTable([["", "aim", "measured", ""], ...rows], ALL_COLUMNS),
  ];
}
