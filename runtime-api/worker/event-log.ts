import { LOG_CHARS_PER_EVENT, LOG_LINES_PER_EVENT } from "../contract/bounds.ts";
import { type LogLevel, Out } from "../contract/out.ts";
import { stringSlice } from "../primordials/string.ts";
import type { EventContext } from "./event-context.ts";
import { put } from "./output.ts";

/** Sends a line of an event's log, within the event's budget; one last line tells that it is used up. */
export function logLine(event: EventContext, level: LogLevel, text: string): void {
  if (event.logLines > LOG_LINES_PER_EVENT) return;
  if (event.logLines === LOG_LINES_PER_EVENT || event.logChars >= LOG_CHARS_PER_EVENT) {
    event.logLines = LOG_LINES_PER_EVENT + 1;
    put(
      event,
      [
        Out.log,
        event.id,
        "warn",
        `Log limit reached (${LOG_LINES_PER_EVENT} lines or ${LOG_CHARS_PER_EVENT} characters per event): the rest is dropped.`,
      ],
      0,
    );
    return;
  }
  event.logLines++;
  const left = LOG_CHARS_PER_EVENT - event.logChars;
  const line = text.length > left ? `${stringSlice(text, 0, left)}…` : text;
  event.logChars += line.length;
  put(event, [Out.log, event.id, level, line], line.length);
}
