import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { cellProcesses } from "../child-processes.ts";

/** What host and cells hold, in MB. */
export interface SoakMemory {
  readonly hostMb: number;
  readonly cellsMb: number;
}

const LOOK_MS = 500;
const MB = 2 ** 20;

/**
 * Waits, and gives the least that host and cells held meanwhile: garbage comes and goes, what stays is what counts.
 * Of the host's own garbage V8 lets go as it does when memory is short: an ordinary collection keeps a hundred MB of
 * empty pages for later, and how many is chance. Cells give memory back by themselves, some seconds after disposals.
 */
export async function settledMemory(seconds: number, enough?: SoakMemory): Promise<SoakMemory> {
  const collect = collector();
  let hostMb = Infinity;
  let cellsMb = Infinity;
  for (let waited = 0; waited < seconds * 1_000; waited += LOOK_MS) {
    if (waited % 5_000 === 0) collect();
    hostMb = Math.min(hostMb, process.memoryUsage.rss() / MB);
    const cells = cellProcesses().reduce((sum, { rssBytes }) => sum + rssBytes, 0) / MB;
    // Between the end of a cell and the start of the next there is less than there should be.
    if (cells > 0) cellsMb = Math.min(cellsMb, cells);
    if (enough !== undefined && hostMb <= enough.hostMb && cellsMb <= enough.cellsMb) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return { hostMb, cellsMb: Number.isFinite(cellsMb) ? cellsMb : 0 };
}

/** What this process holds now, for a line of progress. */
export function heldNow(): string {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const [all, heap, committed, outside] = [rss, heapUsed, heapTotal, external].map((bytes) =>
    (bytes / MB).toFixed(0),
  );
  return `host ${all} MB (heap ${heap} of ${committed}, outside ${outside})`;
}

function collector(): () => void {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as NodeJS.GCFunction;
  return () => gc({ type: "major", execution: "sync", flavor: "last-resort" });
}
