import { DOMException } from "../dom-exception/dom-exception.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { isObject } from "../webidl/arguments.ts";
import { toText, toFinite } from "../webidl/convert.ts";
import { clockMs } from "./clock.ts";
import { makeMeasure, type PerformanceMeasure } from "./performance-entry.ts";
import { markTime } from "./timeline.ts";

export interface PerformanceMeasureOptions {
  detail?: unknown;
  start?: string | number;
  duration?: number;
  end?: string | number;
}

/**
 * Makes the entry that `performance.measure()` adds. User Timing, 3.1.3.
 * @throws TypeError for options that contradict each other, and for times that are negative or not finite
 * @throws DOMException SyntaxError where a mark has not been made
 */
export function measured(name: string, startOrOptions: unknown, endMark: unknown): PerformanceMeasure {
  const end = endMark === undefined ? undefined : toText(endMark);
  if (startOrOptions !== undefined && startOrOptions !== null && !isObject(startOrOptions)) {
    const start = toText(startOrOptions);
    const endMs = end === undefined ? clockMs() : timeOf(end);
    const startMs = timeOf(start);
    return makeMeasure(name, startMs, endMs - startMs, null);
  }
  const given = read((startOrOptions ?? {}) as PerformanceMeasureOptions);
  const { detail, duration, start } = given;
  if (detail !== undefined || duration !== undefined || start !== undefined || given.end !== undefined) {
    if (end !== undefined) throw new TypeErrorOf("A measure takes an end mark or options, not both.");
    if (start === undefined && given.end === undefined)
      throw new TypeErrorOf("The options of a measure need a start or an end.");
    if (start !== undefined && given.end !== undefined && duration !== undefined)
      throw new TypeErrorOf("The options of a measure cannot have start, end and duration at once.");
  }
  let endMs: number;
  if (end !== undefined) endMs = timeOf(end);
  else if (given.end !== undefined) endMs = timeOf(given.end);
  else if (start !== undefined && duration !== undefined) endMs = timeOf(start) + timeOf(duration);
  else endMs = clockMs();
  let startMs = 0;
  if (start !== undefined) startMs = timeOf(start);
  else if (duration !== undefined) startMs = endMs - timeOf(duration);
  return makeMeasure(name, startMs, endMs - startMs, detail);
}

/** Reads the options as Web IDL does: member by member, each converted at once. */
function read(options: PerformanceMeasureOptions): PerformanceMeasureOptions {
  const { detail, duration } = options;
  const durationMs = duration === undefined ? undefined : toFinite(duration, "duration");
  const { end } = options;
  const endPoint = end === undefined ? undefined : point(end, "end");
  const { start } = options;
  const startPoint = start === undefined ? undefined : point(start, "start");
  return {
    detail,
    ...(durationMs !== undefined && { duration: durationMs }),
    ...(endPoint !== undefined && { end: endPoint }),
    ...(startPoint !== undefined && { start: startPoint }),
  };
}

function point(value: unknown, what: string): string | number {
  return typeof value === "number" ? toFinite(value, what) : toText(value);
}

function timeOf(mark: string | number): number {
  if (typeof mark === "number") {
    if (mark < 0) throw new TypeErrorOf(`A measure cannot have the negative time ${mark}.`);
    return mark;
  }
  const timeMs = markTime(mark);
  if (timeMs === undefined) throw new DOMException(`There is no mark "${mark}".`, "SyntaxError");
  return timeMs;
}
