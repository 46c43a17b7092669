import { setTimeout as pause } from "node:timers/promises";
import { loadJob, runLoad } from "../../load/run-load.ts";
import { site } from "../../subjects/site.ts";
import type { Served } from "../../subjects/subject.ts";
import { type Experiment, FIRST_BYTE, PHASES, type Samples, WHOLE } from "../experiment.ts";

/** Pause between two cold starts, in ms: a host that is not saturated has time to make the next spare. */
const PAUSE_MS = 15;
/** By when a server has written of the starts that were. */
const STARTS_WRITTEN_MS = 500;
const BUNDLE_BYTES = 1024 * 1024;
const COMMON = { metrics: [FIRST_BYTE, WHOLE, ...PHASES] } as const;

/** What the first request to a tenant costs, as a client sees it over a connection that is open. */
export const COLD_STARTS: readonly Experiment[] = [
  {
    ...COMMON,
    name: "cold-tenant",
    title: "Cold start of a tenant that was never asked",
    about: "The first request to each of many tenants with the smallest worker, one after the other.",
    needs: ["tenants"],
    site: ({ coldStarts }) => site({ tenants: coldStarts + 1 }),
    measure: async (served, _, { coldStarts }) => await askEach(served, coldStarts, coldStarts),
  },
  {
    ...COMMON,
    name: "cold-bundle",
    title: "Cold start of a tenant with a bundle of 1 MB",
    about: "The same with a megabyte of script, most of which is never called, as in a bundle.",
    needs: ["tenants", "bundles"],
    site: ({ coldStarts }) => site({ tenants: Math.ceil(coldStarts / 3) + 1, scriptBytes: BUNDLE_BYTES }),
    measure: async (served, { tenants }) => await askEach(served, tenants - 1, tenants - 1),
  },
  {
    ...COMMON,
    name: "cold-evicted",
    title: "Cold start of a tenant that had to make room",
    about: "Tenants in turn where fewer may stay warm than there are: each was warm before, and is not now.",
    needs: ["tenants", "evicts"],
    site: () => site({ tenants: 13, warmTenants: 4 }),
    measure: async (served, { tenants }, { coldStarts }) => {
      await askEach(served, tenants - 1, tenants - 1);
      return await askEach(served, tenants - 1, coldStarts);
    },
  },
];

/** Tenant 0 is asked first and not counted: the server's own first request is no cold start of a tenant. */
async function askEach(served: Served, tenants: number, requests: number): Promise<Samples> {
  const { port } = served;
  await runLoad(loadJob({ port, mode: "each" }));
  const { firstByteUs, wholeUs } = await runLoad(
    loadJob({ port, mode: "each", requests, pauseMs: PAUSE_MS, tenants: { first: 1, count: tenants } }),
  );
  const samples: Record<string, readonly number[]> = {
    [FIRST_BYTE.name]: firstByteUs,
    [WHOLE.name]: wholeUs,
  };
  if (served.starts === undefined) return samples;
  await pause(STARTS_WRITTEN_MS);
  const starts = (await served.starts()).slice(-requests);
  for (const { name } of PHASES) samples[name] = starts.map((start) => start[name]!);
  return samples;
}
