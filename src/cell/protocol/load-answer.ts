import { HANDLER_CHARS, HANDLERS_PER_WORKER } from "../../../runtime-api/contract/bounds.ts";
import type { CodeCacheUse, LoadFailure, LoadResult } from "../cell.ts";
import type { FlatReader } from "./flat-reader.ts";
import { Violation } from "./violation.ts";
import { oneOf, shortText } from "./words.ts";

const FAILURES: readonly string[] = [
  "exception",
  "exceededCpu",
  "exceededMemory",
  "hung",
  "isolateLost",
] satisfies LoadFailure[];
const CACHE_USES: readonly string[] = ["used", "rejected", "none"] satisfies CodeCacheUse[];

/** Reads what follows the isolate in a `loaded` frame. @throws Violation */
export function readLoaded(reader: FlatReader): LoadResult {
  const spare = reader.flag("spare");
  const phases = {
    claimMs: reader.amount("claimMs"),
    compileMs: reader.amount("compileMs"),
    evaluateMs: reader.amount("evaluateMs"),
    cpuMs: reader.amount("cpuMs"),
    spare,
  };
  const codeCache = oneOf(reader, CACHE_USES) as CodeCacheUse;
  const handlers: string[] = [];
  while (!reader.done) handlers.push(reader.text("handler", HANDLER_CHARS));
  if (handlers.length > HANDLERS_PER_WORKER) throw new Violation("too many handlers");
  return { ok: true, handlers, phases, codeCache };
}

/** Reads what follows the isolate in a `failed` frame. @throws Violation */
export function readFailed(reader: FlatReader): LoadResult {
  const reason = oneOf(reader, FAILURES) as LoadFailure;
  const error = { name: shortText(reader), message: shortText(reader), stack: shortText(reader) };
  return { ok: false, reason, error };
}
