import { totalmem } from "node:os";

const MIB = 1024 * 1024;
/** Part of the machine's memory that all cells together may take. */
const SHARE = 0.6;
/** What a cell gets at least: the runtime itself and a few isolates of the default size. */
const LEAST_MB = 512;

/**
 * What the process of one cell may take of memory unless the operator says otherwise, in MB: an equal part of
 * 60 % of the machine's memory, or of what a container leaves of it, and at least 512 MB.
 *
 * @param cells how many cells share the machine
 */
export function defaultCellMemoryMb(cells: number): number {
  // Zero or a huge number where nothing constrains the process.
  const constrained = process.constrainedMemory();
  const machine = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.max(LEAST_MB, Math.floor((machine * SHARE) / MIB / cells));
}
