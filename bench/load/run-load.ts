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
    warmUpMs: 0,
    warmUpRequests: 0,
    warmUpTenants: null,
    ratePerSecond: 100,
    tenants: { first: 0, count: 1 },
    choice: "in-turn",
    seed: 1,
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
 * @throws Error where any answer was wrong, and where none came: figures of a server that fails mean nothing.
 */
export async function runLoad(job: LoadJob): Promise<LoadResult> {
  const [command, args] = onProcessors("client", process.execPath, [CLIENT, JSON.stringify(job)]);
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: MOST_OUTPUT_BYTES }).catch(
    (error: Error & { readonly stderr?: string }) => {
      // The command and its job come first in Node's own words, and hide what went wrong.
      const words = (error.stderr ?? "").split("\n").findLast((line) => /^\w*Error\b/.test(line));
      throw new Error(`the client failed: ${words ?? error.message.slice(-500)}`);
    },
  );
  const result = JSON.parse(stdout) as LoadResult;
  if (result.errors > 0 && !job.mayFail)
    throw new Error(`after ${result.count} right answers: ${result.firstError}`);
  if (result.count === 0 && !job.mayFail && job.mode !== "deploys")
    throw new Error(`nothing was answered in ${Math.round(result.tookMs)} ms`);
  return result;
}
