import type { Cell, CellListener } from "./cell.ts";
import { CellNursery } from "./cell-nursery.ts";
import type { CellOptions, ProcessCellOptions } from "./cell-options.ts";
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

/** Makes cells, as many as are asked for, which share what can be shared. */
export interface CellSource {
  /** @param listener hears of everything that comes out of the cell */
  readonly create: (kind: Cell["kind"], listener: CellListener) => Cell;
  /** Ends what the cells share. Resolves when it is gone; the cells are closed by their owner, before. */
  readonly close: () => Promise<void>;
}

/** @param standbys processes kept booted for cells that lose theirs; none before there is a process cell */
export function cellSource(options: ProcessCellOptions, standbys: number): CellSource {
  let nursery: CellNursery | undefined;
  return {
    create: (kind, listener) => {
      if (kind === "in-process") return new InProcessCell(options, listener);
      nursery ??= new CellNursery({ ...options, standbys });
      return new ProcessCell(nursery, listener);
    },
    close: async () => await nursery?.close(),
  };
}
