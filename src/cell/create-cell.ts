import type { Cell, CellListener } from "./cell.ts";
import type { CellOptions } from "./cell-options.ts";
import { InProcessCell } from "./in-process-cell.ts";
import { ProcessCell } from "./process-cell.ts";

/**
 * Makes a place for isolates: in this process, or in a child process of its own.
 * @param listener hears of everything that comes out of it
 */
export function createCell(options: CellOptions, listener: CellListener): Cell {
  return options.kind === "process"
    ? new ProcessCell(options, listener)
    : new InProcessCell(options, listener);
}
