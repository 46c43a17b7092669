import type { TailItem } from "./tail-feed.ts";

/** Text of one event's log that is told of; the rest is left out. */
const MAX_LOG_CHARS = 128 * 1024;

/**
 * An event as Cloudflare tells tail workers and tails of it, without methods.
 * @see https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/
 */
export interface TraceItem {
  readonly scriptName: string;
  readonly outcome: string;
  readonly event: object;
  readonly eventTimestamp: number;
  readonly logs: readonly object[];
  readonly exceptions: readonly object[];
  readonly truncated: boolean;
  readonly [field: string]: unknown;
}

export function traceItem({ event, logs, source }: TailItem): TraceItem {
  const { worker, versionId, startedMs, outcome, exception, cpuMs, wallMs } = event;
  let chars = 0;
  const kept = logs.filter(({ text }) => (chars += text.length) <= MAX_LOG_CHARS);
  return {
    outcome: outcomeName(outcome),
    scriptName: worker,
    scriptVersion: { id: versionId },
    ...(source.kind === "fetch" && source.entrypoint !== null && { entrypoint: source.entrypoint }),
    exceptions: exception === null ? [] : [{ ...exception, timestamp: startedMs }],
    logs: kept.map(({ text, level, timeMs }) => ({ message: [text], level, timestamp: timeMs })),
    eventTimestamp: startedMs,
    event: eventForm(event, source),
    executionModel: "stateless",
    cpuTime: Math.round(cpuMs),
    wallTime: Math.round(wallMs),
    diagnosticsChannelEvents: [],
    truncated: kept.length < logs.length,
  };
}

/** Outcomes in the words that Cloudflare's tails have. */
export function outcomeName(outcome: string): string {
  const known = ["ok", "canceled", "exception", "exceededCpu", "exceededMemory", "scriptNotFound"];
  return known.includes(outcome) ? outcome : "unknown";
}

function eventForm({ method, status }: TailItem["event"], source: TailItem["source"]): object {
  if (source.kind === "scheduled") return { cron: source.cron, scheduledTime: source.scheduledTimeMs };
  if (source.kind === "tail") return { consumedEvents: source.workers.map((scriptName) => ({ scriptName })) };
  const { url, headers, cf } = source;
  return { request: { url, method, headers, cf }, ...(status !== null && { response: { status } }) };
}
