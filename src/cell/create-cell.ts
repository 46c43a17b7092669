import type { Cell, CellListener } from "./cell.ts";
import { CellNursery } from "./cell-nursery.ts";
import type { CellOptions } from "./cell-options.ts";
import { InProcessCell } from "./in-process-cell.ts";
import { ProcessCell } from "./process-cell.ts";

/**
 * Makes a place for isolates: in this process, or in a child process of its own.
 * @param listener hears of everything that comes out of it
 */
export function createCell(options: CellOptions, listener: CellListener): Cell {
  return options.kind === "process"
    ? new ProcessCell(new CellNursery(options), listener, true)
    : new InProcessCell(options, listener);
}

/** Makes cells of one kind, as many as are asked for, which share what can be shared. */
export interface CellSource {
  /** @param listener hears of everything that comes out of the cell */
  readonly create: (listener: CellListener) => Cell;
  /** Ends what the cells share. Resolves when it is gone; the cells are closed by their owner, before. */
  readonly close: () => Promise<void>;
}

/** @param standbys processes kept booted for cells that lose theirs; none in process */
export function cellSource(options: CellOptions, standbys: number): CellSource {
  if (options.kind === "in-process")
    return { create: (listener) => new InProcessCell(options, listener), close: async () => {} };
  const nursery = new CellNursery({ ...options, standbys });
  return { create: (listener) => new ProcessCell(nursery, listener), close: () => nursery.close() };
}
