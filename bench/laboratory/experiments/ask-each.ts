import { COLD_PAUSE_MS, type LoadJob } from "../../load/load-job.ts";
import { loadJob, runLoad } from "../../load/run-load.ts";
import type { Served } from "../../subjects/subject.ts";
import { FIRST_BYTE, PHASES, type Samples, WHOLE } from "../experiment.ts";

/**
 * Asks one tenant after the other and measures each answer, with the phases of its start where the server tells them.
 * Tenant 0 is asked first and not counted: the server's own first request is no cold start of a tenant.
 *
 * @param tenants How many there are, from tenant 1 on; they are asked in turn.
 */
export async function askEach(
  served: Served,
  tenants: number,
  requests: number,
  more: Partial<LoadJob> = {},
): Promise<Samples> {
  const { port } = served;
  await runLoad(loadJob({ ...more, port, mode: "each" }));
  const before = (await startsOf(served))?.length ?? 0;
  const { firstByteUs, wholeUs } = await runLoad(
    loadJob({
      ...more,
      port,
      mode: "each",
      requests,
      pauseMs: COLD_PAUSE_MS,
      tenants: { first: 1, count: tenants },
    }),
  );
  const samples: Record<string, readonly number[]> = {
    [FIRST_BYTE.name]: firstByteUs,
    [WHOLE.name]: wholeUs,
  };
  const starts = (await startsOf(served))?.slice(before);
  if (starts === undefined) return samples;
  for (const { name } of PHASES) samples[name] = starts.map((start) => Math.round(start[name]! * 10) / 10);
  return samples;
}

async function startsOf(served: Served): Promise<readonly Readonly<Record<string, number>>[] | undefined> {
  return (await served.control?.("starts")) as readonly Readonly<Record<string, number>>[] | undefined;
}
