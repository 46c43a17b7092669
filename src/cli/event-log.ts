import { styleText } from "node:util";
import type { EventRecord, LogRecord } from "../meter/event-record.ts";
import { printable, printableLines } from "./printable.ts";

/** What a terminal shows of what workers do. */
export interface EventLogOptions {
  /** Whether lines begin with the worker's name. */
  readonly names: boolean;
  /** Whether requests that went well are shown. */
  readonly requests: boolean;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}

type Style = Parameters<typeof styleText>[0];

const LEVEL_STYLES = { debug: "dim", log: undefined, info: undefined, warn: "yellow", error: "red" } as const;

/** Prints requests, logs and errors of workers as they come. */
export class EventLog {
  readonly #options: EventLogOptions;

  constructor(options: EventLogOptions) {
    this.#options = options;
  }

  /** A line of a worker's log: warnings and errors to standard error. */
  readonly log = (record: LogRecord): void => {
    const { err, out } = this.#options;
    const stream = record.level === "warn" || record.level === "error" ? err : out;
    // No line of a worker begins like one of another.
    const text = printableLines(record.text, this.#options.names ? "  " : "");
    stream.write(`${this.#name(record.worker)}${paint(stream, LEVEL_STYLES[record.level], text)}\n`);
  };

  /** An event that is over: `GET /path 200 (3 ms)`. The error that ended it is in the log already. */
  readonly event = (record: EventRecord): void => {
    const { out, requests } = this.#options;
    if (requests || record.outcome !== "ok")
      out.write(`${this.#name(record.worker)}${requestLine(out, record)}\n`);
  };

  #name(worker: string): string {
    return this.#options.names ? `[${worker}] ` : "";
  }
}

function requestLine(stream: NodeJS.WritableStream, record: EventRecord): string {
  const { kind, method, url, status, outcome, cold, retried, wallMs, headMs, cpuMs } = record;
  const what = kind === "fetch" ? printable(`${method ?? ""} ${pathOf(url ?? "")}`) : kind;
  const end = status === null ? "" : ` ${paint(stream, statusStyle(status), String(status))}`;
  const how = outcome === "ok" ? "" : ` ${paint(stream, "red", outcome)}`;
  const costs = `${milliseconds(headMs ?? wallMs)}, ${milliseconds(cpuMs)} CPU${cold ? ", cold start" : ""}${retried ? ", run again" : ""}`;
  return `${what}${end}${how} ${paint(stream, "dim", `(${costs})`)}`;
}

function pathOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? parsed.pathname + parsed.search : url;
}

function statusStyle(status: number): Style {
  if (status >= 500) return "red";
  return status >= 400 ? "yellow" : "green";
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function paint(stream: NodeJS.WritableStream, style: Style | undefined, text: string): string {
  return style === undefined ? text : styleText(style, text, { stream });
}
