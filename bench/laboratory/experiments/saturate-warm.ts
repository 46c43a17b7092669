import type { LoadJob, LoadResult } from "../../load/load-job.ts";
import { loadJob, runLoad } from "../../load/run-load.ts";
import { type Measured, THROUGHPUT, WHOLE } from "../experiment.ts";

/** Warms up as long as it measures, then has every connection ask again as soon as it is answered, for `loadMs`. */
export async function saturateWarm(
  of: Partial<LoadJob> & Pick<LoadJob, "port">,
  loadMs: number,
): Promise<Measured> {
  return measured(await runLoad(loadJob({ ...of, warmUpMs: loadMs, timeMs: loadMs })));
}

/** What a load says: its times, and how many answers came in a second. */
export function measured({ wholeUs, count, tookMs, clientBusy }: LoadResult): Measured {
  return { samples: { [WHOLE.name]: wholeUs, [THROUGHPUT.name]: [(count / tookMs) * 1_000] }, clientBusy };
}
