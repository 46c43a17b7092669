import { readdir, readFile } from "node:fs/promises";
import { parseStat } from "../../src/cell/stat-fields.ts";

/**
 * Memory of a process and all its descendants, in bytes. On Linux that is PSS: a page that several share is
 * counted in parts, so that the sum is what the machine has less.
 *
 * @throws Error on other systems, which do not tell.
 */
export async function processTreeMemory(rootPid: number): Promise<number> {
  if (process.platform !== "linux") throw new Error("memory of other processes is read on Linux only");
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "latin1").catch(() => "");
    if (stat !== "") parents.set(Number(name), Number(parseStat(stat).fields[1]));
  }
  let sum = 0;
  for (const pid of parents.keys()) {
    let at: number | undefined = pid;
    while (at !== undefined && at !== rootPid && at > 1) at = parents.get(at);
    if (at === rootPid) sum += await ownMemory(pid);
  }
  return sum;
}

async function ownMemory(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "latin1").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
}
