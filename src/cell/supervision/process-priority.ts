import { readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";

/** How much less a process weighs that nobody waits for. */
const NICE = 10;
/** Bits of CAP_SYS_NICE and CAP_SYS_RESOURCE in the sets of capabilities. */
const SYS_NICE = 23n;
const SYS_RESOURCE = 24n;

/** Whether this process may give another the priority back that it took: on Linux with CAP_SYS_NICE. */
export function mayRaisePriority(): boolean {
  return hasCapability(SYS_NICE);
}

/** Whether this process may let another have more than it may have itself: on Linux with CAP_SYS_RESOURCE. */
export function mayRaiseLimits(): boolean {
  return hasCapability(SYS_RESOURCE);
}

function hasCapability(bit: bigint): boolean {
  try {
    const [, effective = "0"] =
      /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
    return ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n;
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
