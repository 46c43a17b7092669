import type { TailItem } from "../../../src/index.ts";
import { outcomeName } from "./tail-filter.ts";

/**
 * An event as a message of Cloudflare's tail protocol `trace-v1`.
 * @see https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/
 */
export function traceItem({ event, logs, source }: TailItem): string {
  const { worker, versionId, startedMs, outcome, exception, cpuMs, wallMs } = event;
  const exceptions =
    exception === null
      ? []
      : [{ name: exception.name, message: exception.message, stack: exception.stack, timestamp: startedMs }];
  return JSON.stringify({
    outcome: outcomeName(outcome),
    scriptName: worker,
    scriptVersion: { id: versionId },
    ...(source.kind === "fetch" && source.entrypoint !== null && { entrypoint: source.entrypoint }),
    exceptions,
    logs: logs.map(({ text, level, timeMs }) => ({ message: [text], level, timestamp: timeMs })),
    eventTimestamp: startedMs,
    event: eventForm(event, source),
    cpuTime: Math.round(cpuMs),
    wallTime: Math.round(wallMs),
    diagnosticsChannelEvents: [],
    truncated: false,
  });
}

function eventForm({ method, status }: TailItem["event"], source: TailItem["source"]): object {
  if (source.kind === "scheduled") return { cron: source.cron, scheduledTime: source.scheduledTimeMs };
  const { url, headers, cf } = source;
  return { request: { url, method, headers, cf }, ...(status !== null && { response: { status } }) };
}
