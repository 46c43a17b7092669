import type { LoadFailure } from "../cell/cell.ts";
import type { RawLoad } from "../cell/core/isolates.ts";
import { lostLoad } from "../cell/lost-load.ts";
import type { End } from "./live-isolate.ts";

/** A load whose isolate ended. @param end undefined if somebody asked for it */
export function endedLoad(end: End | undefined): RawLoad {
  if (end === undefined) return lostLoad("the isolate was disposed while it loaded");
  const reason: LoadFailure = end.cause === "internalError" ? "isolateLost" : end.cause;
  return { ok: false, reason, error: { name: "Error", message: end.message, stack: "" } };
}
