import type { Suspect } from "../cell.ts";

/** Isolates that are gone and whose last entry is still remembered, for a cell that names one later. */
const REMEMBERED = 256;

interface Entry {
  readonly versionKey: string;
  readonly events: readonly number[];
  readonly sinceMs: number;
}

/** Which isolates of a child have been entered and not left: what did it, if the child dies now. */
export class Suspects {
  readonly #inside = new Map<number, Entry>();
  /** Entered when they went: their thread may go on, so a report may still name them. */
  readonly #gone = new Map<number, Entry>();

  /** An entry of `events` begins. @param nowMs monotonic */
  entered(isolate: number, versionKey: string, events: readonly number[], nowMs: number): void {
    // In order of entry: the latest stands last.
    this.#inside.delete(isolate);
    this.#inside.set(isolate, { versionKey, events, sinceMs: nowMs });
  }

  left(isolate: number): void {
    this.#inside.delete(isolate);
  }

  /** The isolate was lost or disposed. Nobody blames it any more, unless the cell names it. */
  forget(isolate: number): void {
    const entry = this.#inside.get(isolate);
    if (entry === undefined) return;
    this.#inside.delete(isolate);
    this.#gone.set(isolate, entry);
    if (this.#gone.size <= REMEMBERED) return;
    for (const oldest of this.#gone.keys()) {
      this.#gone.delete(oldest);
      return;
    }
  }

  /** All suspects, the latest entry first. @param named the isolate that the cell has reported, or null */
  list(named: number | null, nowMs: number): Suspect[] {
    const suspects: Suspect[] = [];
    const add = (isolate: number, { versionKey, events, sinceMs }: Entry): void => {
      const event = events.length === 1 ? events[0]! : -1;
      suspects.unshift({ isolate, versionKey, event, ranMs: Math.max(0, nowMs - sinceMs) });
    };
    const gone = named === null || this.#inside.has(named) ? undefined : this.#gone.get(named);
    if (gone !== undefined) add(named!, gone);
    for (const [isolate, entry] of this.#inside) add(isolate, entry);
    return suspects;
  }
}
