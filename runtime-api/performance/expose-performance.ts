import { defineInterface } from "../globals/define.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { Performance, performance } from "./performance.ts";
import { PerformanceEntry, PerformanceMark, PerformanceMeasure } from "./performance-entry.ts";
import { PerformanceObserver, PerformanceObserverEntryList } from "./performance-observer.ts";

const INTERFACES = {
  __proto__: null,
  Performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
} as unknown as Record<string, Function>;

/** Defines `performance` and the interfaces of its timeline. */
export function exposePerformance(global: object): void {
  for (const name in INTERFACES) defineInterface(global, name, INTERFACES[name] as Function);
  objectDefineProperty(global, "performance", dataDescriptor(performance, true));
}
