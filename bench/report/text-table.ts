/** Lines of a table whose first column is aligned to the left and all others to the right. */
export function textTable(rows: readonly (readonly string[])[], indent = "    "): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `${indent}${row.map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!))).join("  ")}`.trimEnd(),
  );
}
