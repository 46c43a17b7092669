import type { VersionValue } from "../../cell/version-code.ts";
import { canonicalName } from "../module-names.ts";
import { traceUpload } from "../positions.ts";
import { packPositions } from "../pack-positions.ts";
import type { ModulePositions } from "../positions.ts";
import { mapBytes, readSourceMap, type SourceMap } from "../source-map.ts";
import type { TransformedVersion } from "../transformed-version.ts";
import type { ModuleType, UploadLimits, UploadModule, WorkerUpload } from "../upload.ts";
import type { Problem } from "../upload-refused.ts";
import { checkModuleList } from "../check/module-list.ts";
import { checkImportedNames, resolveRequests } from "../check/links.ts";
import type { LinkedModule, ModuleKind } from "../check/links.ts";
import { readValue } from "../check/value.ts";
import { moduleText } from "../check/module-text.ts";
import { assemble } from "./assemble.ts";
import { fitPositions } from "./fit-positions.ts";
import type { Definition } from "./definition.ts";
import { transformModule } from "./esm.ts";
import { readLinks } from "./imports.ts";
import { parseSource, tooDeep } from "./parse.ts";
import { wrapSloppy } from "./sloppy.ts";

/** What the transform makes; size and hash are the caller's to tell. */
export type TransformResult =
  | { readonly ok: true; readonly version: Omit<TransformedVersion, "sizeBytes" | "hash"> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks an upload and turns it into a version's script. Reads hostile source, so it runs in the
 * transformer's child process.
 */
export function transformUpload(upload: WorkerUpload, limits: UploadLimits): TransformResult {
  const problems = checkModuleList(upload);
  if (problems.length > 0) return { ok: false, problems };

  const maps = sourceMaps(upload);
  const kinds = new Map(upload.modules.map(({ name, type }) => [canonicalName(name) ?? name, KINDS[type]]));
  const values: VersionValue[] = [];
  const definitions: Definition[] = [];
  const linked = new Map<string, LinkedModule>();
  for (const module of upload.modules) {
    const name = canonicalName(module.name) ?? module.name;
    if (module.type === "esm" || module.type === "cjs" || module.type === "script") {
      // One module's tree at a time is held: it takes a hundred times the memory of its text.
      const result = transformCode(name, module.type, module, (other) => kinds.has(other));
      problems.push(...result.problems);
      if (result.definition !== undefined) definitions.push(result.definition);
      if (result.linked !== undefined) linked.set(name, result.linked);
    } else {
      const result = readValue(name, module.type, module.content, limits);
      if ("reason" in result) problems.push(result);
      else values.push(result);
    }
  }
  if (problems.length === 0) problems.push(...checkImportedNames(linked, (name) => kinds.get(name)));
  if (problems.length > 0) return { ok: false, problems: problems.map((problem) => traced(problem, maps)) };

  // A short local name of an import with a very long one can make a small upload grow without end.
  const growth = definitions.reduce((sum, { edits, head }) => sum + edits.chars + head("").length, 0);
  if (growth > MAX_GROWTH * limits.scriptBytes) {
    const reason = `the code grows beyond ${MAX_GROWTH * limits.scriptBytes} bytes when it is linked`;
    return { ok: false, problems: [{ file: upload.main, line: null, column: null, reason }] };
  }
  const { script, places } = assemble(definitions);
  const modules: ModulePositions[] = places.map((place) => ({
    ...place,
    sourceMap: maps.get(place.name) ?? null,
  }));
  const positions = packPositions({ modules: fitPositions(modules, MAX_POSITIONS_BYTES) });
  const main = canonicalName(upload.main) ?? upload.main;
  const format = definitions.some(({ kind }) => kind === "script") ? "service-worker" : "modules";
  return { ok: true, version: { code: { script, values }, positions, main, format } };
}

/** What the edits and the reduced source maps of a version may take; those beyond are left out, like any that is too large. */
const MAX_POSITIONS_BYTES = 8 * 1024 * 1024;
/** How many times the limit of an upload its script may be long. */
const MAX_GROWTH = 2;

const GOALS = { esm: "module", cjs: "commonjs", script: "script" } as const;
const KINDS: Readonly<Record<ModuleType, ModuleKind>> = {
  esm: "esm",
  cjs: "cjs",
  script: "cjs",
  text: "value",
  json: "value",
  data: "value",
  wasm: "value",
};

function transformCode(
  name: string,
  type: "esm" | "cjs" | "script",
  module: UploadModule,
  has: (name: string) => boolean,
): { problems: readonly Problem[]; definition?: Definition; linked?: LinkedModule } {
  const text = moduleText(module);
  if (text === undefined) return { problems: [notUtf8(name)] };
  const parsed = parseSource(text, GOALS[type], name);
  if ("reason" in parsed) return { problems: [parsed] };
  try {
    if (type !== "esm") return { problems: [], definition: wrapSloppy(name, type, parsed) };
    const links = readLinks(parsed.program);
    const hasDefault = parsed.program.body.some((node) => node.type === "ExportDefaultDeclaration");
    const linked: LinkedModule = { name, source: parsed.source, links, hasDefault, resolved: [] };
    const problems = resolveRequests(linked, has);
    return { problems, linked, definition: transformModule(name, parsed, links, linked.resolved) };
  } catch (error) {
    return { problems: [{ file: name, line: null, column: null, reason: tooDeep(error) }] };
  }
}

function notUtf8(file: string): Problem {
  return { file, line: null, column: null, reason: "the file is not valid UTF-8" };
}

function sourceMaps({ sourceMaps: texts = {} }: WorkerUpload): Map<string, SourceMap> {
  const maps = new Map<string, SourceMap>();
  let left = MAX_POSITIONS_BYTES;
  for (const [key, text] of Object.entries(texts)) {
    const name = canonicalName(key.replace(/\.map$/, ""));
    const map = readSourceMap(text, left);
    if (name === undefined || map === null) continue;
    left -= mapBytes(map);
    maps.set(name, map);
  }
  return maps;
}

/** Tells the place of a problem in the file that the developer wrote. */
function traced(problem: Problem, maps: ReadonlyMap<string, SourceMap>): Problem {
  const { file, line, column, reason } = problem;
  if (line === null || column === null) return problem;
  return { ...traceUpload({ sourceMap: maps.get(file) ?? null }, { file, line, column }), reason };
}
