import { loadJob, runLoad } from "../../load/run-load.ts";
import { ASKS_BEFORE_CACHE, site } from "../../subjects/site.ts";
import { type Experiment, FIRST_BYTE, PHASES, WHOLE } from "../experiment.ts";
import { askEach } from "./ask-each.ts";

const BUNDLE_BYTES = 1024 * 1024;
const COMMON = { metrics: [FIRST_BYTE, WHOLE, ...PHASES] } as const;
const bundles = (coldStarts: number): number => Math.ceil(coldStarts / 3);

/** What the first request to a tenant costs, as a client sees it over a connection that is open. */
export const COLD_STARTS: readonly Experiment[] = [
  {
    ...COMMON,
    name: "cold-tenant",
    title: "Cold start of a tenant that was never asked",
    about: "The first request to each of many tenants with the smallest worker, one after the other.",
    needs: ["tenants"],
    site: ({ coldStarts }) => site({ tenants: coldStarts + 1, tellsPhases: true }),
    measure: async (served, _, { coldStarts }) => await askEach(served, coldStarts, coldStarts),
  },
  {
    ...COMMON,
    name: "cold-bundle",
    title: "Cold start of a tenant with a bundle of 1 MB that was never asked",
    about: "The same with a megabyte of script, most of which is never called, as in a bundle.",
    needs: ["tenants", "bundles"],
    site: ({ coldStarts }) =>
      site({ tenants: bundles(coldStarts) + 1, scriptBytes: BUNDLE_BYTES, tellsPhases: true }),
    measure: async (served, { tenants }) => await askEach(served, tenants - 1, tenants - 1),
  },
  {
    ...COMMON,
    name: "cold-bundle-cached",
    title: "Cold start of a tenant with a bundle of 1 MB that served before",
    about:
      "Each tenant served before the server was started, so that Skerry has a code cache of it; the others keep none, and start as they would a tenant that they never saw.",
    needs: ["tenants", "bundles"],
    site: ({ coldStarts }) =>
      site({
        tenants: bundles(coldStarts) + 1,
        scriptBytes: BUNDLE_BYTES,
        tellsPhases: true,
        asksBefore: ASKS_BEFORE_CACHE,
      }),
    measure: async (served, { tenants }) => await askEach(served, tenants - 1, tenants - 1),
  },
  {
    ...COMMON,
    name: "cold-evicted",
    title: "Cold start of a tenant that had to make room",
    about: "Tenants in turn where fewer may stay warm than there are: each was warm before, and is not now.",
    needs: ["tenants", "evicts"],
    site: () => site({ tenants: 13, warmTenants: 4, tellsPhases: true }),
    measure: async (served, { tenants }, { coldStarts }) => {
      const job = loadJob({ port: served.port, mode: "each" });
      await runLoad({ ...job, requests: tenants - 1, tenants: { first: 1, count: tenants - 1 } });
      return await askEach(served, tenants - 1, coldStarts);
    },
  },
];
