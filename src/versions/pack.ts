import type { VersionValue } from "../cell/version-code.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { packPositions, unpackPositions, type UnpackedPositions } from "./pack-positions.ts";
import { checkForm as check, countIn as count, textIn as text } from "./packed-value.ts";
import { asRecord, decodePacket, encodePacket, splitPacket } from "./packet.ts";
import type { ModulePositions, Positions } from "./positions.ts";
import type { TransformedVersion } from "./transformed-version.ts";

const FORMAT_NUMBER = 2;
/** Versions that were stored in it have positions as JSON, and are read without their source maps. */
const FIRST_FORMAT = 1;

/** A version as bytes, for the store that keeps it. */
export function packVersion({
  code,
  positions,
  main,
  format,
  sizeBytes,
  hash,
}: TransformedVersion): Uint8Array {
  const encoder = new TextEncoder();
  const values = code.values.map(({ name, kind }) => ({ name, kind }));
  const blobs = [code.script, positions, ...code.values.map(({ value }) => value)];
  return encodePacket({
    header: { format: FORMAT_NUMBER, main, workerFormat: format, sizeBytes, hash, values },
    blobs: blobs.map((blob) => (typeof blob === "string" ? encoder.encode(blob) : blob)),
  });
}

/**
 * Reads what {@link packVersion} wrote, checking all of it: the bytes may come from a process that
 * read hostile source.
 *
 * @throws {SkerryError} with code `VERSION_CORRUPT`
 */
export function unpackVersion(bytes: Uint8Array): TransformedVersion {
  return reading(() => {
    const { header, blobs } = decodePacket(bytes);
    const { format, main, workerFormat, sizeBytes, hash, values } = asRecord(header);
    check(format === FORMAT_NUMBER || format === FIRST_FORMAT, "format");
    check(workerFormat === "modules" || workerFormat === "service-worker", "worker format");
    check(Array.isArray(values) && values.length + 2 === blobs.length, "values");
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const [script, positions = new Uint8Array(), ...contents] = blobs;
    return {
      code: {
        script: decoder.decode(script),
        values: contents.map((content, index) => readValue(asRecord(values[index]), content, decoder)),
      },
      positions: format === FIRST_FORMAT ? packPositions(firstPositions(positions)) : positions,
      main: text(main, "main"),
      format: workerFormat,
      sizeBytes: count(sizeBytes, "size"),
      hash: text(hash, "hash"),
    };
  });
}

/**
 * Reads the code of what {@link packVersion} wrote, and nothing else of it: what a start needs.
 *
 * @throws {SkerryError} with code `VERSION_CORRUPT`
 */
export function codeOf(bytes: Uint8Array): TransformedVersion["code"] {
  return reading(() => {
    const { header, blobs } = splitPacket(bytes);
    const { format, values } = asRecord(header);
    check(format === FORMAT_NUMBER || format === FIRST_FORMAT, "format");
    check(Array.isArray(values) && values.length + 2 === blobs.length, "values");
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const [script, , ...contents] = blobs;
    return {
      script: decoder.decode(script),
      // Only these need be arrays of their own.
      values: contents.map((content, index) =>
        readValue(asRecord(values[index]), new Uint8Array(content), decoder),
      ),
    };
  });
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    throw new SkerryError("VERSION_CORRUPT", `Cannot read the stored version: ${reason}`, { cause: error });
  }
}

/**
 * Reads the positions of what {@link packVersion} wrote, and nothing else of it.
 *
 * @throws {SkerryError} with code `VERSION_CORRUPT`
 */
export function positionsOf(bytes: Uint8Array): UnpackedPositions {
  return reading(() => {
    const { header, blobs } = splitPacket(bytes);
    const [, positions = new Uint8Array()] = blobs;
    const { format } = asRecord(header);
    if (format === FIRST_FORMAT) return unpackPositions(packPositions(firstPositions(positions)));
    return unpackPositions(positions);
  });
}

function readValue(
  { name, kind }: Record<string, unknown>,
  content: Uint8Array,
  decoder: TextDecoder,
): VersionValue {
  if (kind === "text" || kind === "json")
    return { name: text(name, "name"), kind, value: decoder.decode(content) };
  check(kind === "data" || kind === "wasm", "kind of value");
  return { name: text(name, "name"), kind, value: content };
}

/** Reads positions as the first format has them. */
function firstPositions(bytes: Uint8Array): Positions {
  const { modules } = asRecord(JSON.parse(new TextDecoder().decode(bytes)));
  check(Array.isArray(modules), "positions");
  return { modules: modules.map((module: unknown) => firstModule(asRecord(module))) };
}

function firstModule({ name, firstLine, lines, shifts }: Record<string, unknown>): ModulePositions {
  check(Array.isArray(shifts) && shifts.length % 4 === 0, "shifts");
  return {
    name: text(name, "module name"),
    firstLine: count(firstLine, "line"),
    lines: count(lines, "lines"),
    shifts: Uint32Array.from(shifts, (shift: unknown) => count(shift, "shift")),
    sourceMap: null,
  };
}
