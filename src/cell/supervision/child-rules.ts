import type { DeathReason } from "../cell.ts";
import type { EntryMark, EntryTable } from "./entry-table.ts";
import type { ProcessFigures } from "./process-figures.ts";

/** What a child may take of memory beyond its limit before it is killed: the cell itself ends isolates first. */
const MEMORY_SLACK_BYTES = 64 * 1024 * 1024;
/** Time beyond an entry's limit in which the cell itself has to end it, with all that it does before it gives up. */
const ENTRY_SLACK_MS = 1_000;
/** Entries may take much longer than their CPU on a machine whose cores are taken, but not for ever. */
const WALL_FACTOR = 20;
const WALL_EXTRA_MS = 40_000;
/** Threads of a child that may use CPU beside those of its entries: its loop, and Node's own, which pack and unpack. */
const OTHER_THREADS = 5;
/** A loop that was heard so lately is not asked about. */
const QUIET_MS = 400;

export interface ChildBounds {
  /** Resident memory that it may hold, in bytes. */
  readonly memoryBytes: number;
  /** Time that its loop may stand still, in ms. */
  readonly silenceMs: number;
}

/** One look at a child. */
export interface Look {
  readonly nowMs: number;
  /** Null where the system does not say. */
  readonly figures: ProcessFigures | null;
  /** Of the thread of its loop; asked for only when it matters. */
  readonly loop: () => ProcessFigures | null;
  readonly table: EntryTable;
  /** The table's file has become larger than a table. */
  readonly grown: boolean;
}

/** Why a child has to be killed. */
export interface Verdict {
  readonly reason: DeathReason;
  /** The isolate that is known to have caused it; -1 where none is. */
  readonly isolate: number;
  /** How many MB or ms, whichever the reason is about. */
  readonly amount: number;
}

interface Overdue {
  enteredMs: number;
  /** CPU of the child when the entry was first seen. */
  readonly cpuMs: number;
  /** Most entries at once since then. */
  most: number;
}

/** The rules by which one child is watched. */
export class ChildRules {
  readonly #bounds: ChildBounds;
  readonly #entries = new Map<number, Overdue>();
  #lastMs: number;
  #beatMs = 0;
  #silentMs = 0;
  #loopCpuMs: number | undefined;

  constructor(bounds: ChildBounds, nowMs: number) {
    this.#bounds = bounds;
    this.#lastMs = nowMs;
  }

  /** Looks at the child; a verdict is proof that it has to be killed. */
  look(look: Look): Verdict | null {
    const { figures, table, grown } = look;
    const rssBytes = figures?.rssBytes ?? table.rssBytes;
    if (rssBytes > this.#bounds.memoryBytes + MEMORY_SLACK_BYTES)
      return { reason: "memory", isolate: -1, amount: Math.round(rssBytes / 1024 / 1024) };
    if (grown) return { reason: "protocol", isolate: -1, amount: 0 };
    return this.#stuck(look) ?? this.#silent(look);
  }

  /** An entry that the cell says cannot be stopped, or that had all the time and CPU to be over. */
  #stuck({ nowMs, figures, table: { marks } }: Look): Verdict | null {
    const alive = new Set<number>();
    for (const mark of marks) {
      const { isolate, enteredMs } = mark;
      alive.add(isolate);
      let entry = this.#entries.get(isolate);
      if (entry?.enteredMs !== enteredMs) {
        entry = { enteredMs, cpuMs: figures?.cpuMs ?? 0, most: 0 };
        this.#entries.set(isolate, entry);
      }
      entry.most = Math.max(entry.most, marks.length);
      if (mark.stuck || isOverdue(mark, entry, nowMs, figures))
        return { reason: "unstoppable", isolate, amount: Math.round(nowMs - enteredMs) };
    }
    for (const isolate of this.#entries.keys()) if (!alive.has(isolate)) this.#entries.delete(isolate);
    return null;
  }

  /** A loop that does not go on though it could: it sleeps, was stopped, or has had a core all the time. */
  #silent({ nowMs, loop, table: { beatMs } }: Look): Verdict | null {
    const passedMs = Math.min(nowMs - this.#lastMs, QUIET_MS);
    this.#lastMs = nowMs;
    // Never a beat: nothing is known of the loop, which is then asked over the pipe.
    if (beatMs === 0 || beatMs !== this.#beatMs || nowMs - beatMs < QUIET_MS) {
      this.#beatMs = beatMs;
      this.#silentMs = 0;
      this.#loopCpuMs = undefined;
      return null;
    }
    const figures = loop();
    const before = this.#loopCpuMs;
    this.#loopCpuMs = figures?.cpuMs;
    // Time in which it waited for a core or a disk is not its doing; what it ran is counted by its own clock.
    if (figures?.state === "R") this.#silentMs += before === undefined ? 0 : figures.cpuMs - before;
    else if (figures?.state !== "D") this.#silentMs += passedMs;
    if (this.#silentMs < this.#bounds.silenceMs) return null;
    // Nothing inside does that: somebody stopped it, or looks at it with a debugger.
    const isStopped = figures?.state === "T" || figures?.state === "t";
    return { reason: isStopped ? "killed" : "silent", isolate: -1, amount: Math.round(nowMs - beatMs) };
  }
}

function isOverdue(
  { enteredMs, limitMs }: EntryMark,
  { cpuMs, most }: Overdue,
  nowMs: number,
  figures: ProcessFigures | null,
): boolean {
  const ranMs = nowMs - enteredMs;
  if (ranMs > limitMs * WALL_FACTOR + WALL_EXTRA_MS) return true;
  if (figures === null || ranMs < limitMs + ENTRY_SLACK_MS) return false;
  // The CPU of one thread among others is not known: there has to be enough for all entries and all that runs beside them.
  return figures.cpuMs - cpuMs > (limitMs + ENTRY_SLACK_MS) * (most + OTHER_THREADS);
}
