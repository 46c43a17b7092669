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
  let moved = 0;
  for (let at = firstShift(shifts, line); shifts[at] === line; at += 4) {
    const [start = 0, before = 0, after = 0] = shifts.slice(at + 1, at + 4);
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

/** Index of the first shift of `line`, or of a later line. */
function firstShift(shifts: Uint32Array, line: number): number {
  let low = 0;
  let high = shifts.length / 4;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shifts[middle * 4] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return low * 4;
}
