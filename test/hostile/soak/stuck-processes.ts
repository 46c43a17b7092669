import { childProcesses } from "../child-processes.ts";

const LOOKS = 10;
const LOOK_MS = 200;

/** Processes below this one, and those of them that computed at every look although nothing is to be done. */
export async function stuckProcesses(): Promise<{
  readonly count: number;
  readonly stuck: readonly string[];
}> {
  const busy = new Map<number, number>();
  let last = childProcesses();
  for (let i = 0; i < LOOKS; i++) {
    last = childProcesses();
    for (const { pid, runningThreads } of last)
      if (runningThreads > 0) busy.set(pid, (busy.get(pid) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const stuck = last
    .filter(({ pid }) => busy.get(pid) === LOOKS)
    .map(({ pid, command }) => `${pid} ${command}`);
  return { count: last.length, stuck };
}
