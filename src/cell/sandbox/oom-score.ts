import { writeFileSync } from "node:fs";

/** How much sooner than others the kernel ends a cell when memory is short; 1000 is the most. */
export const OOM_SCORE = 800;

/** Lets the kernel end a cell before the host when memory is short. Best effort; inherited. */
export function raiseOomScore(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(OOM_SCORE));
  } catch {
    // Not ours to change, or it ended.
  }
}
