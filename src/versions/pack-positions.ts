import type { MappingIndex } from "./mapping-index.ts";
import { asRecord, encodePacket, PARSED_BYTES_PER_HEAD_BYTE, splitPacket } from "./packet.ts";
import { endianness } from "node:os";
import { checkForm, countIn, textIn } from "./packed-value.ts";
import type { ModulePositions, Positions } from "./positions.ts";
import type { SourceMap } from "./source-map.ts";

/** Positions that were read, and the memory that they take. */
export interface UnpackedPositions {
  readonly positions: Positions;
  readonly sizeBytes: number;
}

/** Those of a version with as many and as long names of modules as there may be, and all that edits and source maps may take. */
const MAX_BYTES = 20 * 1024 ** 2;
const IS_LITTLE_ENDIAN = endianness() === "LE";

/** Positions as bytes, as a version keeps them. */
export function packPositions({ modules }: Positions): Uint8Array {
  const blobs: Uint8Array[] = [];
  const header = modules.map(({ name, firstLine, lines, shifts, sourceMap }) => {
    if (shifts.length > 0) blobs.push(littleEndian(shifts));
    if (sourceMap !== null) blobs.push(littleEndian(sourceMap.mappings.marks), sourceMap.mappings.segments);
    return { name, firstLine, lines, shifts: shifts.length > 0, sources: sourceMap?.sources ?? null };
  });
  return encodePacket({ header, blobs });
}

/**
 * Reads what {@link packPositions} wrote, checking its size and form; what a source map says is checked where it is looked up.
 * The result shares no memory with the bytes.
 *
 * @throws {Error} if it has another form
 */
export function unpackPositions(bytes: Uint8Array): UnpackedPositions {
  checkForm(bytes.length <= MAX_BYTES, "size");
  const { header, blobs } = splitPacket(bytes);
  checkForm(Array.isArray(header), "positions");
  const left = blobs.values();
  const modules = header.map((module: unknown) => readModule(asRecord(module), left));
  checkForm(left.next().done === true, "number of blobs");
  const blobBytes = blobs.reduce((sum, blob) => sum + blob.length, 0);
  const shiftBytes = modules.reduce((sum, { shifts }) => sum + shifts.byteLength, 0);
  return {
    positions: { modules },
    // A quarter of the shifts is what their ends take, once they were asked for.
    sizeBytes: blobBytes + shiftBytes / 4 + PARSED_BYTES_PER_HEAD_BYTE * (bytes.length - blobBytes),
  };
}

function readModule(
  { name, firstLine, lines, shifts, sources }: Record<string, unknown>,
  blobs: Iterator<Uint8Array, undefined>,
): ModulePositions {
  const shifted = shifts === true ? numbers(blobs) : new Uint32Array();
  checkForm(shifted.length % 4 === 0, "shifts");
  return {
    name: textIn(name, "module name"),
    firstLine: countIn(firstLine, "line"),
    lines: countIn(lines, "lines"),
    shifts: shifted,
    sourceMap: sources === null ? null : readMap(sources, blobs),
  };
}

function readMap(sources: unknown, blobs: Iterator<Uint8Array, undefined>): SourceMap {
  checkForm(Array.isArray(sources), "sources");
  const mappings: MappingIndex = { marks: numbers(blobs), segments: new Uint8Array(taken(blobs)) };
  return { sources: sources.map((source: unknown) => textIn(source, "source")), mappings };
}

function taken(blobs: Iterator<Uint8Array, undefined>): Uint8Array {
  const { value } = blobs.next();
  checkForm(value !== undefined, "number of blobs");
  return value;
}

function littleEndian(values: Uint32Array): Uint8Array {
  if (IS_LITTLE_ENDIAN) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setUint32(index * 4, value, true));
  return bytes;
}

function numbers(blobs: Iterator<Uint8Array, undefined>): Uint32Array {
  const bytes = taken(blobs);
  checkForm(bytes.length % 4 === 0, "numbers");
  // A copy: where the bytes lie, numbers may not begin.
  if (IS_LITTLE_ENDIAN) return new Uint32Array(new Uint8Array(bytes).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4, true));
}
