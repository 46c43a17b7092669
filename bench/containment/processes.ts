import { readdirSync, readFileSync } from "node:fs";

const PAGE_BYTES = 4_096;

/** This process and everything that descends from it. Linux only. */
export function processTree(): number[] {
  const pids = [process.pid];
  for (let i = 0; i < pids.length; i++) {
    try {
      for (const task of readdirSync(`/proc/${pids[i]}/task`)) {
        const children = readFileSync(`/proc/${pids[i]}/task/${task}/children`, "latin1");
        for (const child of children.split(" ")) if (child !== "") pids.push(Number(child));
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return pids;
}

/** Resident memory of a process in bytes; 0 if it is gone. */
export function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

/** Whether a process is the child of a process cell, one that waits to be one included. */
export function isCell(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("/cell/child/entry");
  } catch {
    return false;
  }
}
