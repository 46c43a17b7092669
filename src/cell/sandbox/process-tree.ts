import { readFileSync } from "node:fs";

/** Children of a process that has one thread; none where it is gone, or the kernel does not list them. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}

/**
 * Does something to a process and all that come of it. What it does has to be inherited: a child that is born
 * meanwhile is born after it, or is in the list.
 */
export function forTree(pid: number, apply: (pid: number) => void): void {
  apply(pid);
  for (const child of childrenOf(pid)) forTree(child, apply);
}
