import { EventTarget } from "../events/event-target.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { requireArguments } from "../webidl/arguments.ts";
import { toText } from "../webidl/convert.ts";
import { clockMs } from "./clock.ts";
import { measured, type PerformanceMeasureOptions } from "./measure.ts";
import {
  type PerformanceEntry,
  PerformanceMark,
  type PerformanceMarkOptions,
  type PerformanceMeasure,
} from "./performance-entry.ts";
import { tellObservers } from "./performance-observer.ts";
import { addEntry, clearEntries, keptEntries, selectEntries } from "./timeline.ts";

let constructing = false;

/**
 * `performance`: its clock is that of the slice and stands still while code runs, as on Cloudflare. The
 * origin is 0, so that `now()` equals `Date.now()`. High Resolution Time, 8, and User Timing, 3.1.
 */
export class Performance extends EventTarget {
  #brand = true;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
    super();
  }
  get timeOrigin(): number {
    void this.#brand;
    return 0;
  }
  now(): number {
    void this.#brand;
    return clockMs();
  }
  toJSON(): object {
    void this.#brand;
    return { timeOrigin: 0 };
  }

  mark(markName: string, markOptions: PerformanceMarkOptions = {}): PerformanceMark {
    void this.#brand;
    requireArguments("'mark' on 'Performance'", arguments.length, 1);
    return added(new PerformanceMark(markName, markOptions));
  }
  measure(
    measureName: string,
    startOrMeasureOptions: string | PerformanceMeasureOptions = {},
    ...args: [endMark?: string]
  ): PerformanceMeasure {
    void this.#brand;
    requireArguments("'measure' on 'Performance'", arguments.length, 1);
    return added(measured(toText(measureName), startOrMeasureOptions, args[0]));
  }
  clearMarks(...args: [markName?: string]): void {
    void this.#brand;
    const markName = args[0];
    clearEntries("mark", markName === undefined ? undefined : toText(markName));
  }
  clearMeasures(...args: [measureName?: string]): void {
    void this.#brand;
    const measureName = args[0];
    clearEntries("measure", measureName === undefined ? undefined : toText(measureName));
  }

  getEntries(): PerformanceEntry[] {
    void this.#brand;
    return selectEntries(keptEntries(), undefined, undefined);
  }
  getEntriesByType(type: string): PerformanceEntry[] {
    void this.#brand;
    requireArguments("'getEntriesByType' on 'Performance'", arguments.length, 1);
    return selectEntries(keptEntries(), undefined, toText(type));
  }
  getEntriesByName(name: string, ...args: [type?: string]): PerformanceEntry[] {
    void this.#brand;
    const type = args[0];
    requireArguments("'getEntriesByName' on 'Performance'", arguments.length, 1);
    return selectEntries(keptEntries(), toText(name), type === undefined ? undefined : toText(type));
  }
}

function added<E extends PerformanceEntry>(entry: E): E {
  tellObservers(entry);
  addEntry(entry);
  return entry;
}

constructing = true;
/** The only instance. */
export const performance: Performance = new Performance();
constructing = false;
