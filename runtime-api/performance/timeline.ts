import { arrayPush, arraySlice, arraySort, arraySplice } from "../primordials/array.ts";
import { type PerformanceEntry, seedOf } from "./performance-entry.ts";

/** Entries that are kept; beyond them the oldest goes, so that a worker that lives long does not grow. */
const MOST_ENTRIES = 10_000;
/** How many go at once: taking one off the front costs as much as taking many. */
const BATCH = 1_000;

let entries: PerformanceEntry[] = [];
const dropped = { mark: 0, measure: 0 };

/** Keeps an entry. The timeline is that of the isolate: every event sees the entries of all. */
export function addEntry(entry: PerformanceEntry): void {
  arrayPush(entries, entry);
  if (entries.length <= MOST_ENTRIES) return;
  const gone = arraySplice(entries, 0, BATCH);
  for (let i = 0; i < gone.length; i++) dropped[seedOf(gone[i] as PerformanceEntry).entryType]++;
}

/** How many entries of a type fell off the timeline. */
export function droppedEntries(type: string): number {
  return type === "mark" || type === "measure" ? dropped[type] : 0;
}

/** Forgets the entries of a type, those of one name or all. */
export function clearEntries(type: string, name: string | undefined): void {
  const left: PerformanceEntry[] = [];
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as PerformanceEntry;
    const seed = seedOf(entry);
    if (seed.entryType !== type || (name !== undefined && seed.name !== name)) arrayPush(left, entry);
  }
  entries = left;
}

/** The entries that are kept, in the order in which they came. */
export function keptEntries(): readonly PerformanceEntry[] {
  return entries;
}

/** Those of a list that have the name and the type, where given, by their start. */
export function selectEntries(
  list: readonly PerformanceEntry[],
  name: string | undefined,
  type: string | undefined,
): PerformanceEntry[] {
  const found: PerformanceEntry[] = [];
  for (let i = 0; i < list.length; i++) {
    const entry = list[i] as PerformanceEntry;
    const seed = seedOf(entry);
    if ((name === undefined || seed.name === name) && (type === undefined || seed.entryType === type))
      arrayPush(found, entry);
  }
  return sortByStart(found);
}

/** Sorts by start; what starts together stays in order. */
function sortByStart(list: PerformanceEntry[]): PerformanceEntry[] {
  return arraySort(arraySlice(list), (a, b) => seedOf(a).startTime - seedOf(b).startTime);
}

/** When the last mark of a name was. */
export function markTime(name: string): number | undefined {
  for (let i = entries.length - 1; i >= 0; i--) {
    const seed = seedOf(entries[i] as PerformanceEntry);
    if (seed.entryType === "mark" && seed.name === name) return seed.startTime;
  }
  return undefined;
}
