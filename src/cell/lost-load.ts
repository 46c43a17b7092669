import type { LoadResult } from "./cell.ts";

/** A load that came to nothing for no reason of the version's. */
export function lostLoad(message: string): LoadResult & { readonly ok: false } {
  return { ok: false, reason: "isolateLost", error: { name: "Error", message, stack: "" } };
}
