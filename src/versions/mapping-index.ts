/** As a decoded source map has them: column, then source, its line and column, then a name; all from 0. */
type Segment = readonly [column: number, source?: number, line?: number, column?: number, name?: number];

/**
 * A source map's mappings, so that one can be found without reading the others: blocks of a few segments, and marks
 * that say where each block begins.
 */
export interface MappingIndex {
  /** Three numbers for each block: line and column of its first segment (from 0), and where it begins in `segments`. */
  readonly marks: Uint32Array;
  /**
   * Numbers of seven bits a byte. A segment is: lines since the segment before, columns since that (or from the line's
   * beginning), source + 1 or 0 where it has none, then line and column in the source, as steps with the sign in the
   * lowest bit. Each block counts anew, from its mark and from 0.
   */
  readonly segments: Uint8Array;
}

/** Where a segment leads to; line and column from 0. */
export interface Mapping {
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

/** Most segments that are read to find one. */
export const BLOCK_SEGMENTS = 64;
const MARK_NUMBERS = 3;
const MARK_BYTES = 4 * MARK_NUMBERS;
/** Five numbers of at most five bytes. */
const MAX_SEGMENT_BYTES = 25;

/** Bytes that an index takes. */
export function indexBytes({ marks, segments }: MappingIndex): number {
  return marks.byteLength + segments.length;
}

/**
 * Makes an index of decoded mappings, whose lines have their segments in order.
 *
 * @param maxBytes that it may take
 * @returns null if it would take more, or if a number is none that 32 bits hold: hostile maps have all that JSON has
 */
export function indexMappings(lines: readonly (readonly Segment[])[], maxBytes: number): MappingIndex | null {
  const marks: number[] = [];
  let bytes = new Uint8Array(1_024);
  let end = 0;
  const push = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes[end++] = (rest % 128) + 128;
    bytes[end++] = rest;
  };
  const step = (by: number): void => push(by < 0 ? -2 * by - 1 : 2 * by);
  let count = 0;
  let last = [0, 0, 0, 0];
  for (const [line, segments] of lines.entries()) {
    let before = -1;
    for (const [column, source, sourceLine = 0, sourceColumn = 0] of segments) {
      if (![line, column, source ?? 0, sourceLine, sourceColumn].every(fits)) return null;
      // The first one of those at a column counts.
      if (column === before) continue;
      before = column;
      if (end + MAX_SEGMENT_BYTES > bytes.length) bytes = larger(bytes);
      if (count++ % BLOCK_SEGMENTS === 0) {
        marks.push(line, column, end);
        last = [line, column, 0, 0];
      }
      const [lastLine = 0, lastColumn = 0, lastSourceLine = 0, lastSourceColumn = 0] = last;
      push(line - lastLine);
      push(line === lastLine ? column - lastColumn : column);
      push(source === undefined ? 0 : source + 1);
      last = [line, column, lastSourceLine, lastSourceColumn];
      if (source !== undefined) {
        step(sourceLine - lastSourceLine);
        step(sourceColumn - lastSourceColumn);
        last = [line, column, sourceLine, sourceColumn];
      }
      if (end + (marks.length / MARK_NUMBERS) * MARK_BYTES > maxBytes) return null;
    }
  }
  return { marks: Uint32Array.from(marks), segments: bytes.slice(0, end) };
}

/**
 * Finds the last segment of a line at a column or before it. Reads at most {@link BLOCK_SEGMENTS} segments, whatever
 * the index has: it may come from a process that read hostile source.
 *
 * @param line from 0 @param column from 0
 * @returns null if there is none, or if it leads to no source
 */
export function findMapping({ marks, segments }: MappingIndex, line: number, column: number): Mapping | null {
  const block = blockBefore(marks, line, column) * MARK_NUMBERS;
  if (block < 0) return null;
  let at = marks[block + 2] ?? 0;
  const end = marks[block + MARK_NUMBERS + 2] ?? segments.length;
  const pull = (): number => {
    let value = 0;
    for (let unit = 1; unit < 2 ** 35; unit *= 128) {
      const byte = segments[at++] ?? 0;
      value += (byte & 127) * unit;
      if (byte < 128) break;
    }
    return value;
  };
  const step = (): number => {
    const value = pull();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  let found: Mapping | null = null;
  let [inLine, inColumn, sourceLine, sourceColumn] = [marks[block] ?? 0, marks[block + 1] ?? 0, 0, 0];
  for (let read = 0; read < BLOCK_SEGMENTS && at < end; read++) {
    const lines = pull();
    inLine += lines;
    inColumn = lines === 0 ? inColumn + pull() : pull();
    const source = pull() - 1;
    if (source >= 0) {
      sourceLine += step();
      sourceColumn += step();
    }
    if (inLine > line || (inLine === line && inColumn > column)) break;
    if (inLine === line) found = source < 0 ? null : { source, line: sourceLine, column: sourceColumn };
  }
  return found;
}

function fits(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 32;
}

/** The last block that begins at a place or before it, or -1. */
function blockBefore(marks: Uint32Array, line: number, column: number): number {
  let low = 0;
  let high = Math.floor(marks.length / MARK_NUMBERS);
  while (low < high) {
    const middle = (low + high) >> 1;
    const markLine = marks[middle * MARK_NUMBERS] ?? 0;
    const markColumn = marks[middle * MARK_NUMBERS + 1] ?? 0;
    if (markLine < line || (markLine === line && markColumn <= column)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function larger(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(bytes.length * 2);
  grown.set(bytes);
  return grown;
}
