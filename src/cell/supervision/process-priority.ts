import { readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";

/** How much less a process weighs that nobody waits for. */
const NICE = 10;
/** Bit of CAP_SYS_NICE in the sets of capabilities. */
const SYS_NICE = 23n;

/** Whether this process may give another the priority back that it took: on Linux with CAP_SYS_NICE. */
export function mayRaisePriority(): boolean {
  try {
    const [, effective = "0"] =
      /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
    return ((BigInt(`0x${effective}`) >> SYS_NICE) & 1n) === 1n;
  } catch {
    return false;
  }
}

/** Lets a process that just started, and all threads that it makes, run only where others leave time. Best effort. */
export function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // It ended meanwhile.
  }
}

/** Gives all threads of a process the usual priority. Best effort. */
export function restorePriority(pid: number): void {
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) setPriority(Number(task), 0);
  } catch {
    // It, or one of its threads, ended meanwhile.
  }
}
