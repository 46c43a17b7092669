/**
 * Lines of a table.
 * @param left Columns that are aligned to the left; all others are to the right.
 */
export function textTable(
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
  indent = "    ",
): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string =>
    left.includes(column) ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
  return rows.map((row) => `${indent}${row.map(cell).join("  ")}`.trimEnd());
}
