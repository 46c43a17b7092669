import { encodedMappings, decodedMappings, FlattenMap } from "@jridgewell/trace-mapping";
import { MAX_SOURCE_MAP_CHARS } from "./upload.ts";
import type { ReducedSourceMap } from "./positions.ts";

/** Mappings are decoded on the host's thread when the first error is shown, so they are bounded. */
const MAX_MAPPINGS_CHARS = 8 * 1024 * 1024;

/**
 * Reduces an uploaded source map to what positions need. Maps serve readability only, so one that is
 * broken or too large is ignored.
 *
 * @param text JSON of a version 3 map, with sections or without
 */
export function readSourceMap(text: string | undefined): ReducedSourceMap | null {
  if (text === undefined || text.length > MAX_SOURCE_MAP_CHARS) return null;
  try {
    const flat = new FlattenMap(text);
    if (Number(flat.version) !== 3) return null;
    const mappings = encodedMappings(flat);
    if (mappings.length > MAX_MAPPINGS_CHARS) return null;
    for (const line of decodedMappings(flat)) {
      for (const [, source, , , name] of line) {
        if (source !== undefined && typeof flat.sources[source] !== "string") return null;
        if (name !== undefined && typeof flat.names[name] !== "string") return null;
      }
    }
    const root = typeof flat.sourceRoot === "string" ? flat.sourceRoot.replace(/\/*$/, "/") : "";
    const sources = flat.sources.map((source) =>
      cleanSource(root === "/" ? String(source) : root + String(source)),
    );
    return { version: 3, sources, names: [], mappings };
  } catch {
    return null;
  }
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
