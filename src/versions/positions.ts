import { findMapping } from "./mapping-index.ts";
import type { SourceMap } from "./source-map.ts";

/** How places in a version's script lead back to the modules of the upload. */
export interface Positions {
  /** In the order of the script, which has each module's body on lines of its own. */
  readonly modules: readonly ModulePositions[];
}

export interface ModulePositions {
  readonly name: string;
  /** Line of the script on which the module's first line stands; both count from 1. */
  readonly firstLine: number;
  readonly lines: number;
  /**
   * Edits that changed a line's length, in order, four numbers each: line of the module, column
   * (from 0), length in the module, length in the script.
   */
  readonly shifts: Uint32Array;
  /** The upload's source map of this module, reduced to what positions need. */
  readonly sourceMap: SourceMap | null;
}

/** Those of a version of which nothing can be told. */
export const NO_POSITIONS: Positions = { modules: [] };

/** A place in the tenant's files; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Finds what stands at a place of the version's script, through the upload's source map where it has one.
 *
 * @param line from 1 @param column from 1, as in stacks
 * @returns undefined if the place belongs to no module
 */
export function originalPlace(positions: Positions, line: number, column: number): Place | undefined {
  const module = moduleAt(positions.modules, line);
  if (module === undefined) return undefined;
  return traceUpload(module, uploadedPlace(module, line, column));
}

/** Leads a place of an uploaded module on through the module's source map, if that has it. */
export function traceUpload(module: Pick<ModulePositions, "sourceMap">, place: Place): Place {
  const { sourceMap } = module;
  if (sourceMap === null) return place;
  const found = findMapping(sourceMap.mappings, place.line - 1, place.column - 1);
  const file = found === null ? undefined : sourceMap.sources[found.source];
  if (found === null || file === undefined) return place;
  return { file, line: found.line + 1, column: found.column + 1 };
}

/** Binary search: an upload may have thousands of modules. */
function moduleAt(modules: readonly ModulePositions[], line: number): ModulePositions | undefined {
  let low = 0;
  let high = modules.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const module = modules[middle];
    if (module === undefined) return undefined;
    if (line < module.firstLine) high = middle - 1;
    else if (line >= module.firstLine + module.lines) low = middle + 1;
    else return module;
  }
  return undefined;
}

function uploadedPlace(module: ModulePositions, scriptLine: number, scriptColumn: number): Place {
  const line = scriptLine - module.firstLine + 1;
  const { shifts, name } = module;
  let column = scriptColumn - 1;
  const first = firstShift(shifts, line, column);
  let moved = shifts[first - 4] === line ? movedBy(shifts, first - 4) : 0;
  for (let at = first; shifts[at] === line && at < first + 4 * MOST_AT_A_COLUMN; at += 4) {
    const start = shifts[at + 1] ?? 0;
    const before = shifts[at + 2] ?? 0;
    const after = shifts[at + 3] ?? 0;
    const scriptStart = start + moved;
    if (column < scriptStart) break;
    // V8 places a call of what was replaced right behind it.
    if (column < scriptStart + after || (before > 0 && column === scriptStart + after)) {
      return { file: name, line, column: start + 1 };
    }
    moved += after - before;
  }
  column -= moved;
  return { file: name, line, column: column + 1 };
}

/** Edits that end at one column of the script or behind it, and begin there or before: one that ends, and one that begins. */
const MOST_AT_A_COLUMN = 3;

/** By shifts: the column of the script at which each ends. One line may have hundreds of thousands. */
const ENDS = new WeakMap<Uint32Array, Uint32Array>();

function endsOf(shifts: Uint32Array): Uint32Array {
  let ends = ENDS.get(shifts);
  if (ends !== undefined) return ends;
  ends = new Uint32Array(shifts.length / 4);
  let line = 0;
  let moved = 0;
  for (let index = 0; index < ends.length; index++) {
    const at = index * 4;
    const after = shifts[at + 3] ?? 0;
    if (shifts[at] !== line) moved = 0;
    line = shifts[at] ?? 0;
    ends[index] = (shifts[at + 1] ?? 0) + moved + after;
    moved += after - (shifts[at + 2] ?? 0);
  }
  ENDS.set(shifts, ends);
  return ends;
}

/** How far what follows a shift on its line has moved. */
function movedBy(shifts: Uint32Array, at: number): number {
  return (endsOf(shifts)[at / 4] ?? 0) - (shifts[at + 1] ?? 0) - (shifts[at + 2] ?? 0);
}

/** Index of the first shift that ends at a place of the script or behind it. */
function firstShift(shifts: Uint32Array, line: number, column: number): number {
  const ends = endsOf(shifts);
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = shifts[middle * 4] ?? 0;
    if (at < line || (at === line && (ends[middle] ?? 0) < column)) low = middle + 1;
    else high = middle;
  }
  return low * 4;
}
