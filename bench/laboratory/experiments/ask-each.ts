import { COLD_PAUSE_MS, type LoadJob } from "../../load/load-job.ts";
import { loadJob, runLoad } from "../../load/run-load.ts";
import { countOf } from "../../statistics/distribution.ts";
import type { Served } from "../../subjects/subject.ts";
import { FIRST_BYTE, type Measured, PHASES, type SamplesByName, WHOLE } from "../experiment.ts";

/**
 * Tenants that are asked first and not counted, by the same client: what a server, each of its processes and the client do for the
 * first time is no cold start of a tenant. They are those from tenant 0 on.
 */
export const FIRST_TENANTS = 8;

const ASK_MS = 8;
const ASK_MB_MS = 50;

/** About what asking one tenant for the first time takes, in ms: more for each megabyte of its script. */
export function firstAskMs(scriptBytes = 0): number {
  return ASK_MS + (scriptBytes / 2 ** 20) * ASK_MB_MS;
}

/** About how long so many cold starts take with those that come first, in ms. */
export function startsMs(starts: number, scriptBytes = 0): number {
  return (FIRST_TENANTS + starts) * (COLD_PAUSE_MS + firstAskMs(scriptBytes));
}

/**
 * Asks one tenant after the other and measures each answer, with the phases of its start where the server tells them.
 *
 * @param tenants How many there are after the first ones; they are asked in turn.
 */
export async function askEach(
  served: Served,
  tenants: number,
  requests: number,
  more: Partial<LoadJob> = {},
): Promise<Measured> {
  const { firstByteUs, wholeUs, clientBusy } = await runLoad(
    loadJob({
      ...more,
      port: served.port,
      mode: "each",
      requests,
      warmUpRequests: FIRST_TENANTS,
      warmUpTenants: { first: 0, count: FIRST_TENANTS },
      pauseMs: COLD_PAUSE_MS,
      tenants: { first: FIRST_TENANTS, count: tenants },
    }),
  );
  const samples: SamplesByName = { [FIRST_BYTE.name]: firstByteUs, [WHOLE.name]: wholeUs };
  // Each request that counts is a start, and they are the last ones.
  const starts = (await startsOf(served))?.slice(-countOf(wholeUs));
  if (starts === undefined) return { samples, clientBusy };
  const phases = PHASES.map(
    ({ name }) => [name, starts.map((start) => Math.round(start[name]! * 10) / 10)] as const,
  );
  return { samples: { ...samples, ...Object.fromEntries(phases) }, clientBusy };
}

async function startsOf(served: Served): Promise<readonly Readonly<Record<string, number>>[] | undefined> {
  return (await served.control?.("starts")) as readonly Readonly<Record<string, number>>[] | undefined;
}
