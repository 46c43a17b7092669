import type { RequestStep } from "../../src/clock/request-steps.ts";
import { COLD_PAUSE_MS, type LoadJob } from "../load/load-job.ts";
import { loadJob, runLoad } from "../load/run-load.ts";
import { formatFigure } from "../report/format-figure.ts";
import { textTable } from "../report/text-table.ts";
import { Distribution } from "../statistics/distribution.ts";
import { Pool } from "../statistics/pool.ts";
import { site } from "../subjects/site.ts";
import type { Subject } from "../subjects/subject.ts";
import { scratchFolder } from "../scratch-folder.ts";
import { type TraceRow, traceRows } from "./trace-steps.ts";

/** Tenants that are asked for the first time, and requests to the last of them after that. */
const COLD = 10;
const WARM = 200;
const LEFT_COLUMNS = [0, 3, 4];

/** A trace, and what clients waited for meanwhile. */
export interface Trace {
  readonly rows: readonly TraceRow[];
  /** Median of the whole answer as the client saw it, in microseconds. */
  readonly clientWarmUs: number;
}

/**
 * Follows requests through all folders of a host: some that start an isolate, and some that find one.
 * @param subject One of our own, which tells of its steps.
 */
export async function trace(subject: Subject, job: Partial<LoadJob> = {}): Promise<Trace> {
  await using scratch = await scratchFolder("trace");
  const of = site({ kind: job.kind ?? "hello", tenants: COLD + 1, tellsPhases: true });
  await subject.prepare?.(of, scratch.path);
  await using served = await subject.start(of, scratch.path);
  const { port } = served;
  const each = loadJob({ ...job, port, mode: "each" });
  // The server's own first request is that of tenant 0.
  await runLoad(each);
  const steps = async (): Promise<RequestStep[]> => (await served.control!("steps")) as RequestStep[];
  await steps();
  await runLoad({ ...each, requests: COLD, pauseMs: COLD_PAUSE_MS, tenants: { first: 1, count: COLD } });
  const { wholeUs } = await runLoad({ ...each, requests: WARM, tenants: { first: 1, count: 1 } });
  return {
    rows: traceRows(await steps()),
    clientWarmUs: new Pool([Distribution.of(wholeUs)]).quantile(0.5),
  };
}

/** A trace as a table for a terminal. */
export function traceText({ rows, clientWarmUs }: Trace): string {
  const show = (us: number | null): string => (us === null ? "" : formatFigure(us, "us"));
  const table = rows.map(({ step, coldUs, warmUs, folder, meaning }) => [
    step,
    show(coldUs),
    show(warmUs),
    folder,
    meaning,
  ]);
  return [
    `One request through all folders: medians of ${COLD} that start an isolate, and of ${WARM} that find one`,
    ...textTable([["step", "cold", "warm", "in", ""], ...table], LEFT_COLUMNS, "  "),
    `  A client saw ${formatFigure(clientWarmUs, "us")} of the warm ones: the rest is sockets, and the client itself.`,
  ].join("\n");
}
