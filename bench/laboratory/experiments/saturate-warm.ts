import type { LoadJob } from "../../load/load-job.ts";
import { loadJob, runLoad } from "../../load/run-load.ts";
import { type Samples, THROUGHPUT, WHOLE } from "../experiment.ts";

/** Part of a load's time that warms up and is not counted. */
export const WARM_UP = 0.3;

/** Warms up, then has every connection ask again as soon as it is answered, for `loadMs`. */
export async function saturateWarm(
  of: Partial<LoadJob> & Pick<LoadJob, "port">,
  loadMs: number,
): Promise<Samples> {
  const job = loadJob(of);
  await runLoad({ ...job, timeMs: loadMs * WARM_UP });
  const { wholeUs, count, tookMs } = await runLoad({ ...job, timeMs: loadMs });
  return { [WHOLE.name]: wholeUs, [THROUGHPUT.name]: [(count / tookMs) * 1_000] };
}
