import type { LogLevel } from "../contract/out.ts";
import { io } from "../io/io.ts";
import { clockMs } from "../performance/clock.ts";
import { arraySlice } from "../primordials/array.ts";
import { mapDelete, mapGet, MapOf, mapSet, mapSize } from "../primordials/collections.ts";
import { captureStackTrace } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty, objectSetPrototypeOf } from "../primordials/object.ts";
import { StringOf, stringIndexOf, stringSlice, stringSplit } from "../primordials/string.ts";
import { symbolToStringTag } from "../primordials/values.ts";
import { formatLog } from "./format.ts";
import { INSPECT_LIMITS, inspect } from "./inspect.ts";
import { tableText } from "./table.ts";

/** Levels of groups that are indented. */
const DEEPEST_GROUP = 20;
/** Labels that `count` and `time` remember, in all. */
const MOST_LABELS = 1_000;

let groups = 0;
const counts = new MapOf<string, number>();
const timers = new MapOf<string, number>();

function write(level: LogLevel, text: string): void {
  if (groups === 0) {
    io.log(level, text);
    return;
  }
  let margin = "";
  for (let i = 0; i < groups; i++) margin += "  ";
  const lines = stringSplit(text, "\n");
  let shown = "";
  for (let i = 0; i < lines.length; i++) shown += `${i > 0 ? "\n" : ""}${margin}${lines[i] as string}`;
  io.log(level, shown);
}

/** A label, converted to text as the Console standard wants it: by the label's own `toString`. */
function labelOf(args: readonly unknown[]): string {
  const label = args[0];
  return label === undefined ? "default" : stringSlice(`${label as string}`, 0, 200);
}

function elapsed(label: string): string | undefined {
  const start = mapGet(timers, label);
  if (start === undefined) {
    write("warn", `Timer '${label}' does not exist`);
    return undefined;
  }
  return `${label}: ${StringOf(clockMs() - start)}ms`;
}

/** Keeps a label, unless a tenant makes up new ones without end. */
function keep(map: Map<string, number>, label: string, value: number): void {
  if (mapSize(map) < MOST_LABELS || mapGet(map, label) !== undefined) mapSet(map, label, value);
}

/** `console`: each call becomes one line of the worker's log. */
export const console = {
  debug(...args: unknown[]): void {
    write("debug", formatLog(args));
  },
  error(...args: unknown[]): void {
    write("error", formatLog(args));
  },
  info(...args: unknown[]): void {
    write("info", formatLog(args));
  },
  log(...args: unknown[]): void {
    write("log", formatLog(args));
  },
  warn(...args: unknown[]): void {
    write("warn", formatLog(args));
  },
  trace(...args: unknown[]): void {
    const holder: { stack?: string } = {};
    captureStackTrace(holder, console.trace);
    const { stack } = holder;
    const frames =
      typeof stack === "string" && stringIndexOf(stack, "\n") >= 0
        ? stringSlice(stack, stringIndexOf(stack, "\n"))
        : "";
    const text = formatLog(args);
    write("log", `Trace${text === "" ? "" : `: ${text}`}${frames}`);
  },
  assert(condition: unknown = false, ...args: unknown[]): void {
    if (condition) return;
    const text = formatLog(args);
    write("error", text === "" ? "Assertion failed" : `Assertion failed: ${text}`);
  },
  dir(...args: unknown[]): void {
    write("log", inspect(args[0]));
  },
  dirxml(...args: unknown[]): void {
    write("log", formatLog(args));
  },
  table(...args: unknown[]): void {
    const data = args[0];
    let text: string | undefined;
    try {
      text = tableText(data);
    } catch {
      // A proxy that throws.
    }
    write("log", text === undefined ? inspect(data) : stringSlice(text, 0, INSPECT_LIMITS.chars));
  },
  group(...args: unknown[]): void {
    if (args.length > 0) write("log", formatLog(args));
    if (groups < DEEPEST_GROUP) groups++;
  },
  groupCollapsed(...args: unknown[]): void {
    if (args.length > 0) write("log", formatLog(args));
    if (groups < DEEPEST_GROUP) groups++;
  },
  groupEnd(): void {
    if (groups > 0) groups--;
  },
  count(...args: unknown[]): void {
    const name = labelOf(args);
    const count = (mapGet(counts, name) ?? 0) + 1;
    keep(counts, name, count);
    write("info", `${name}: ${count}`);
  },
  countReset(...args: unknown[]): void {
    mapDelete(counts, labelOf(args));
  },
  time(...args: unknown[]): void {
    keep(timers, labelOf(args), clockMs());
  },
  timeLog(...args: unknown[]): void {
    const text = elapsed(labelOf(args));
    if (text !== undefined)
      write("log", args.length > 1 ? `${text} ${formatLog(arraySlice(args, 1))}` : text);
  },
  timeEnd(...args: unknown[]): void {
    const name = labelOf(args);
    const text = elapsed(name);
    mapDelete(timers, name);
    if (text !== undefined) write("log", text);
  },
  /** Exists elsewhere; there is no inspector that it could reach here. */
  clear(): void {},
  timeStamp(): void {},
  profile(): void {},
  profileEnd(): void {},
};
objectDefineProperty(console, symbolToStringTag, dataDescriptor("console", false, false));
// A namespace object stands above an object of its own, for historical reasons. Console, 1.
objectSetPrototypeOf(console, {});
