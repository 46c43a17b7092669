import { statFields } from "../stat-fields.ts";

/** What the system says of a process. */
export interface ProcessFigures {
  /** When it started, in ticks since the machine did: with the id, its identity. */
  readonly startTick: number;
  /** `R` runs or waits for a core, `S` sleeps, `D` waits for a disk, `T` is stopped, `Z` is dead; of the main thread. */
  readonly state: string;
  /** CPU of all its threads, in ms. */
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** The kernel's unit of time in `/proc`, which is fixed for programs. */
const TICK_MS = 10;
/** Where they stand among the fields of `stat`. */
const STATE = 0;
const USER = 11;
const SYSTEM = 12;
const START = 19;
const RSS_PAGES = 21;

/**
 * Reads what Linux says of a process, or of one of its threads. Null where it is gone, or the system has no `/proc`.
 * @param pageBytes size of a page of memory
 */
export function processFigures(pid: number, pageBytes: number, thread?: number): ProcessFigures | null {
  let fields: string[];
  try {
    fields = statFields(thread === undefined ? `/proc/${pid}` : `/proc/${pid}/task/${thread}`);
  } catch {
    return null;
  }
  const field = (at: number): number => Number(fields[at] ?? 0);
  return {
    startTick: field(START),
    state: fields[STATE] ?? "Z",
    cpuMs: (field(USER) + field(SYSTEM)) * TICK_MS,
    rssBytes: field(RSS_PAGES) * pageBytes,
  };
}

/** Size of a page of memory in bytes, as far as it can be found out. */
export function pageBytes(): number {
  const own = processFigures(process.pid, 1);
  if (own === null || own.rssBytes === 0) return 4_096;
  return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / own.rssBytes));
}
