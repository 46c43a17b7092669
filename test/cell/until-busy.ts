import { existsSync, readdirSync } from "node:fs";
import { statFields } from "../../src/cell/stat-fields.ts";

/** CPU of one thread that is more than a thread uses which has nothing to do, in ticks of 10 ms. */
const BUSY_TICKS = 15;

/**
 * Waits until so many threads of a process have each run for a while from now on: code of theirs has begun. Where the
 * system does not say, a second has to do.
 */
export async function untilBusy(pid: number, threads = 1): Promise<void> {
  if (!existsSync(`/proc/${pid}/task`)) return await new Promise((resolve) => setTimeout(resolve, 1_000));
  const before = ticksOf(pid);
  for (;;) {
    const busy = [...ticksOf(pid)].filter(([tid, ticks]) => ticks - (before.get(tid) ?? 0) >= BUSY_TICKS);
    if (busy.length >= threads) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** User and system time of each thread. */
function ticksOf(pid: number): Map<string, number> {
  const found = new Map<string, number>();
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    try {
      const fields = statFields(`/proc/${pid}/task/${tid}`);
      found.set(tid, Number(fields[11]) + Number(fields[12]));
    } catch {
      // The thread has ended.
    }
  }
  return found;
}
