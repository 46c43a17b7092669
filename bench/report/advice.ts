import { CODE_TYPES, type WorkerRecord } from "../laboratory/records.ts";
import { formatBytes, formatFigure } from "./format-figure.ts";

/** What a cold start takes in the median, in microseconds: in all until the first byte, and by phase. */
export interface StartFigures {
  readonly wholeUs: number;
  readonly phasesUs: Readonly<Record<string, number>>;
}

/** What is known of a worker's cold starts; null where it was not measured. */
export interface StartsOfWorker {
  readonly worker: WorkerRecord;
  readonly servedBefore: StartFigures | null;
  readonly neverServed: StartFigures | null;
  /** Those of the smallest worker, with its code cache. */
  readonly smallest: StartFigures | null;
}

const LARGE_BYTES = 100 * 1024;
const LARGE_VALUES_BYTES = 256 * 1024;
const MINIFIED_LINE_BYTES = 120;
/** Times below which nothing is worth a change, in microseconds. */
const NOTABLE_US = 300;
/** Part of a limit from which on it is worth a word. */
const NEAR_LIMIT = 0.25;
const MOST_PARTS = 5;

/** What would make a worker start faster, the most telling first; each a sentence or three. */
export function adviceFor(starts: StartsOfWorker): string[] {
  const lines = [
    codeCache(starts),
    topLevel(starts),
    size(starts),
    firstTurn(starts),
    values(starts),
    limits(starts),
  ];
  const found = lines.flat().filter((line) => line !== null);
  return found.length > 0 ? found : ["Nothing stands out: it starts about as the smallest worker does."];
}

/** How much of a cold start is the worker's own, and how much any worker would take. */
export function hostsPart({ servedBefore, smallest }: StartsOfWorker): string | null {
  if (servedBefore === null || smallest === null) return null;
  const own = Math.max(0, servedBefore.wholeUs - smallest.wholeUs);
  return (
    `A cold start takes ${us(servedBefore.wholeUs)}. The smallest worker takes ${us(smallest.wholeUs)}: that is the host's part. ` +
    `${us(own)} are the worker's own.`
  );
}

function codeCache({ worker, servedBefore, neverServed }: StartsOfWorker): string | null {
  if (worker.hasCodeCache === false)
    return (
      "It has no code cache, so every start compiles it anew: a cache is made at the deploy where the script has 64 KB or more, and " +
      "else when an isolate that has served three requests is idle. An isolate that is never idle, or lost before, makes none."
    );
  const without = neverServed?.phasesUs["compile"];
  const withIt = servedBefore?.phasesUs["compile"];
  if (without === undefined || withIt === undefined || without - withIt < NOTABLE_US) return null;
  return (
    `The code cache spares ${us(without - withIt)} of ${us(without)} of compiling. It is made at the deploy where the script has 64 KB ` +
    "or more, else once a version has served three requests, and kept in the data folder; without a data folder it is gone with the process."
  );
}

function topLevel({ servedBefore, neverServed, smallest }: StartsOfWorker): string | null {
  const evaluate = servedBefore?.phasesUs["evaluate"];
  const base = smallest?.phasesUs["evaluate"];
  if (evaluate === undefined || base === undefined || evaluate - base < NOTABLE_US) return null;
  const first = neverServed?.phasesUs["evaluate"] ?? evaluate;
  return (
    `Its top level runs for ${us(evaluate)} at every cold start (${us(base)} in the smallest worker, ${us(first)} without a ` +
    "code cache). What it makes there, such as tables, schemas, clients and routers, can be made by the function that needs it first."
  );
}

function size({ worker }: StartsOfWorker): (string | null)[] {
  const { codeBytes, codeLines, parts, partCount } = worker;
  if (codeBytes < LARGE_BYTES) return [];
  const named = parts
    .slice(0, MOST_PARTS)
    .map(({ name, bytes }) => `${name} ${formatBytes(bytes)} (${((bytes / codeBytes) * 100).toFixed(0)} %)`);
  const most = named.length > 0 ? ` Most of ${partCount} files: ${named.join(", ")}.` : "";
  return [
    `Its code has ${formatBytes(codeBytes)}.${most} What no request needs can stay out; what few need is evaluated only then if ` +
      "it is imported by import().",
    codeBytes / codeLines < MINIFIED_LINE_BYTES
      ? `It is not minified (${Math.round(codeBytes / codeLines)} bytes a line): "minify": true in the wrangler config leaves less to read and to parse.`
      : null,
  ];
}

function firstTurn({ servedBefore, smallest }: StartsOfWorker): string | null {
  const turn = servedBefore?.phasesUs["first turn"];
  const base = smallest?.phasesUs["first turn"];
  if (turn === undefined || base === undefined || turn - base < NOTABLE_US) return null;
  return (
    `Its first answer takes ${us(turn - base)} more than the smallest worker's: what the handler does, what it waits for, and ` +
    "functions that V8 compiles when they are first called."
  );
}

function values({ worker }: StartsOfWorker): string | null {
  if (worker.otherBytes < LARGE_VALUES_BYTES) return null;
  const named = worker.modules
    .filter(({ type }) => !CODE_TYPES.includes(type))
    .slice(0, MOST_PARTS)
    .map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`);
  return (
    `Modules that are no code have ${formatBytes(worker.otherBytes)} (${named.join(", ")}); each isolate gets them when it starts. ` +
    "What is large and rarely read is better kept in KV or static assets."
  );
}

function limits({ worker, neverServed }: StartsOfWorker): (string | null)[] {
  const { limits: of, codeBytes, otherBytes } = worker;
  const startMs =
    ((neverServed?.phasesUs["compile"] ?? 0) + (neverServed?.phasesUs["evaluate"] ?? 0)) / 1_000;
  const bytes = codeBytes + otherBytes;
  return [
    startMs > of.startupCpuMs * NEAR_LIMIT
      ? `Without a code cache it starts for ${startMs.toFixed(0)} ms of the ${of.startupCpuMs} ms that startupCpuMs allows: on a slower or busier machine its start may be refused.`
      : null,
    bytes > of.scriptBytes * NEAR_LIMIT
      ? `It has ${formatBytes(bytes)} of the ${formatBytes(of.scriptBytes)} that scriptBytes allows.`
      : null,
  ];
}

function us(value: number): string {
  return formatFigure(value, "us");
}
