import { readdirSync, readFileSync } from "node:fs";

const PAGE_BYTES = 4_096;

/** A process below this one, as the system shows it. */
export interface ChildProcess {
  readonly pid: number;
  readonly command: string;
  readonly rssBytes: number;
  /** Threads that run or wait for a core now. */
  readonly runningThreads: number;
}

/** All processes below one; none where the system has no `/proc`. */
export function childProcesses(of: number = process.pid): ChildProcess[] {
  const parents = new Map<number, number>();
  for (const name of list("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    // The name of a program may hold spaces and parentheses: fields are counted behind the last one.
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    if (parent > 0) parents.set(Number(name), parent);
  }
  const found: ChildProcess[] = [];
  const below = (parent: number): void => {
    for (const [pid, its] of parents) {
      if (its !== parent) continue;
      found.push(look(pid));
      below(pid);
    }
  };
  below(of);
  return found;
}

/** Those of them in which isolates live. */
export function cellProcesses(): ChildProcess[] {
  return childProcesses().filter(
    ({ command }) =>
      command.includes("node") && /cell[\\/]child[\\/]/.test(command) && !/^\S*bwrap/.test(command),
  );
}

/** The resident memory of a process; 0 where it is gone. */
export function rssBytes(pid: number): number {
  return Number(read(`/proc/${pid}/statm`).split(" ")[1] ?? 0) * PAGE_BYTES;
}

function look(pid: number): ChildProcess {
  const threads = list(`/proc/${pid}/task`).filter((tid) => {
    const stat = read(`/proc/${pid}/task/${tid}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("R");
  });
  return {
    pid,
    command: read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim(),
    rssBytes: rssBytes(pid),
    runningThreads: threads.length,
  };
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
