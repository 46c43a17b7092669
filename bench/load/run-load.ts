import { execFile } from "node:child_process";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import type { LoadJob, LoadResult } from "./load-job.ts";
import { onProcessors } from "./on-processors.ts";

const CLIENT = join(import.meta.dirname, `client${extname(import.meta.filename)}`);
const MOST_OUTPUT_BYTES = 64 * 2 ** 20;

/** A job with what is left out: one connection that asks tenant 0 for a second. */
export function loadJob(given: Partial<LoadJob> & Pick<LoadJob, "port">): LoadJob {
  return {
    mode: "saturate",
    connections: 1,
    timeMs: 1_000,
    ratePerSecond: 100,
    tenants: { first: 0, count: 1 },
    choice: "in-turn",
    requests: 1,
    pauseMs: 0,
    kind: "hello",
    path: "/",
    controlPort: 0,
    mayFail: false,
    ...given,
  };
}

/**
 * Runs a client in a process of its own, on the same processors that it would have in any round.
 * @throws Error where any answer was wrong: figures of a server that fails mean nothing.
 */
export async function runLoad(job: LoadJob): Promise<LoadResult> {
  const [command, args] = onProcessors("client", process.execPath, [CLIENT, JSON.stringify(job)]);
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: MOST_OUTPUT_BYTES });
  const result = JSON.parse(stdout) as LoadResult;
  if (result.errors > 0 && !job.mayFail) {
    throw new Error(
      `${result.errors} of ${result.errors + result.count} answers were wrong: ${result.firstError}`,
    );
  }
  return result;
}
