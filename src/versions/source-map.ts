import { decodedMappings, FlattenMap } from "@jridgewell/trace-mapping";
import { indexBytes, indexMappings, type MappingIndex } from "./mapping-index.ts";
import { PARSED_BYTES_PER_HEAD_BYTE } from "./packet.ts";
import { MAX_SOURCE_MAP_CHARS } from "./upload.ts";

/** What positions need of a source map. */
export interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: MappingIndex;
}

/** Mappings are decoded as a whole once, in a process with a bound on its memory. */
const MAX_MAPPINGS_CHARS = 8 * 1024 * 1024;
const MAX_SECTIONS_DEEP = 8;
/** Where a section may begin: each line before it takes memory once it is decoded. */
const MAX_SECTION_LINE = 2 ** 20;
const MAX_SOURCES = 65_536;

/**
 * Reduces an uploaded source map to what positions need. Maps serve readability only, so one that is
 * broken or too large is ignored.
 *
 * @param text JSON of a version 3 map, with sections or without
 * @param maxBytes that it may take then, as {@link mapBytes} counts
 * @param maxMappingsChars length of its mappings, in UTF-16 units
 */
export function readSourceMap(
  text: string | undefined,
  maxBytes: number,
  maxMappingsChars: number = MAX_MAPPINGS_CHARS,
): SourceMap | null {
  if (text === undefined || text.length > MAX_SOURCE_MAP_CHARS) return null;
  try {
    const json: unknown = JSON.parse(text);
    if (mappingsChars(json, 0) > maxMappingsChars) return null;
    const flat = new FlattenMap(json as ConstructorParameters<typeof FlattenMap>[0]);
    if (Number(flat.version) !== 3 || flat.sources.length > MAX_SOURCES) return null;
    const decoded = decodedMappings(flat);
    for (const line of decoded) {
      for (const [, source, , , name] of line) {
        if (source !== undefined && typeof flat.sources[source] !== "string") return null;
        if (name !== undefined && typeof flat.names[name] !== "string") return null;
      }
    }
    const root = typeof flat.sourceRoot === "string" ? flat.sourceRoot.replace(/\/*$/, "/") : "";
    const sources = flat.sources.map((source) =>
      cleanSource(root === "/" ? String(source) : root + String(source)),
    );
    const mappings = indexMappings(decoded, maxBytes);
    if (mappings === null) return null;
    const map = { sources, mappings };
    return mapBytes(map) > maxBytes ? null : map;
  } catch {
    return null;
  }
}

/** Bytes that a map takes of what a version may have: its index, and its sources as the host reads them. */
export function mapBytes({ sources, mappings }: SourceMap): number {
  return indexBytes(mappings) + Buffer.byteLength(JSON.stringify(sources)) * PARSED_BYTES_PER_HEAD_BYTE;
}

/** How long the mappings of all sections are: known before anything is decoded. Infinity for those that cannot be. */
function mappingsChars(map: unknown, depth: number): number {
  if (depth > MAX_SECTIONS_DEEP) return Infinity;
  const { mappings, sections } = map as { mappings?: unknown; sections?: unknown };
  const own = typeof mappings === "string" ? mappings.length : 0;
  if (!Array.isArray(sections)) return own;
  return sections.reduce<number>((sum, section) => {
    const { map: inner, offset } = section as { map: unknown; offset: { line: unknown } };
    const { line } = offset;
    const isNear = Number.isInteger(line) && (line as number) >= 0 && (line as number) <= MAX_SECTION_LINE;
    return isNear ? sum + mappingsChars(inner, depth + 1) : Infinity;
  }, own);
}

/** A source's path as it may stand in a stack: no scheme, no way up, nothing that breaks a line. */
function cleanSource(source: string): string {
  const path = source
    .toWellFormed()
    .slice(0, 1_000)
    .replace(/^[a-z][a-z0-9+.-]*:\/*/i, "")
    // oxlint-disable-next-line no-control-regex -- these are what is looked for
    .replace(/[\u0000-\u001f\u007f\u2028\u2029()]/g, "");
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments.join("/") || "source";
}
