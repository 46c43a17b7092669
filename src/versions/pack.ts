import type { VersionValue } from "../cell/version-code.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { asRecord, decodePacket, encodePacket } from "./packet.ts";
import type { ModulePositions, Positions, ReducedSourceMap } from "./positions.ts";
import type { TransformedVersion } from "./transformed-version.ts";

const FORMAT_NUMBER = 1;

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
  const blobs = [code.script, JSON.stringify(positions), ...code.values.map(({ value }) => value)];
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
  try {
    const { header, blobs } = decodePacket(bytes);
    const { format, main, workerFormat, sizeBytes, hash, values } = asRecord(header);
    check(format === FORMAT_NUMBER, "format");
    check(workerFormat === "modules" || workerFormat === "service-worker", "worker format");
    check(Array.isArray(values) && values.length + 2 === blobs.length, "values");
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const [script, positions, ...contents] = blobs;
    return {
      code: {
        script: decoder.decode(script),
        values: contents.map((content, index) => readValue(asRecord(values[index]), content, decoder)),
      },
      positions: readPositions(JSON.parse(decoder.decode(positions))),
      main: text(main, "main"),
      format: workerFormat,
      sizeBytes: count(sizeBytes, "size"),
      hash: text(hash, "hash"),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    throw new SkerryError("VERSION_CORRUPT", `Cannot read the stored version: ${reason}`, { cause: error });
  }
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

function readPositions(value: unknown): Positions {
  const { modules } = asRecord(value);
  check(Array.isArray(modules), "positions");
  return { modules: modules.map((module: unknown) => readModule(asRecord(module))) };
}

function readModule({ name, firstLine, lines, shifts, sourceMap }: Record<string, unknown>): ModulePositions {
  check(Array.isArray(shifts) && shifts.length % 4 === 0, "shifts");
  return {
    name: text(name, "module name"),
    firstLine: count(firstLine, "line"),
    lines: count(lines, "lines"),
    shifts: shifts.map((shift: unknown) => count(shift, "shift")),
    sourceMap: sourceMap === null ? null : readMap(asRecord(sourceMap)),
  };
}

function readMap({ version, sources, names, mappings }: Record<string, unknown>): ReducedSourceMap {
  check(version === 3 && Array.isArray(sources) && Array.isArray(names), "source map");
  return {
    version,
    sources: sources.map((source: unknown) => text(source, "source")),
    names: names.map((name: unknown) => text(name, "name")),
    mappings: text(mappings, "mappings"),
  };
}

function text(value: unknown, what: string): string {
  check(typeof value === "string", what);
  return value;
}

function count(value: unknown, what: string): number {
  check(typeof value === "number" && Number.isSafeInteger(value) && value >= 0, what);
  return value;
}

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`${what} is wrong`);
}
