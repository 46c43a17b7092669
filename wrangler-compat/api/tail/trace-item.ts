import type { TailItem } from "../../../src/index.ts";
import { outcomeName } from "./tail-filter.ts";

/**
 * An event as a message of Cloudflare's tail protocol `trace-v1`.
 * @see https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/
 */
export function traceItem({ event, logs }: TailItem): string {
  const { worker, versionId, startedMs, outcome, exception, status, method, url, kind, cpuMs, wallMs } =
    event;
  return JSON.stringify({
    outcome: outcomeName(outcome),
    scriptName: worker,
    scriptVersion: { id: versionId },
    exceptions:
      exception === null
        ? []
        : [
            {
              name: exception.name,
              message: exception.message,
              stack: exception.stack,
              timestamp: startedMs,
            },
          ],
    logs: logs.map(({ text, level, timeMs }) => ({ message: [text], level, timestamp: timeMs })),
    eventTimestamp: startedMs,
    event:
      kind === "fetch"
        ? { request: { url, method, headers: {}, cf: {} }, response: { status } }
        : { cron: "", scheduledTime: startedMs },
    cpuTime: Math.round(cpuMs),
    wallTime: Math.round(wallMs),
    diagnosticsChannelEvents: [],
    truncated: false,
  });
}
