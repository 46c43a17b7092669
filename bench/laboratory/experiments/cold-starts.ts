import { loadJob, runLoad } from "../../load/run-load.ts";
import { ASKS_BEFORE_CACHE, site } from "../../subjects/site.ts";
import { CLIENT_LATE, type Experiment, FIRST_BYTE, PHASES, WHOLE } from "../experiment.ts";
import { askAtRate } from "./ask-at-rate.ts";
import { askEach, FIRST_TENANTS, startsMs } from "./ask-each.ts";

const BUNDLE_BYTES = 1024 * 1024;
/** So many that one start is hardly over when the next is due. */
const COLD_PER_SECOND = 100;
/** Tenants of which all but a few have to go. */
const EVICTED = 12;
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
    site: ({ coldStarts }) => site({ tenants: FIRST_TENANTS + coldStarts, tellsPhases: true }),
    takesMs: ({ coldStarts }) => startsMs(coldStarts),
    measure: async (served, _, { coldStarts }) => await askEach(served, coldStarts, coldStarts),
  },
  {
    ...COMMON,
    name: "cold-bundle",
    title: "Cold start of a tenant with a bundle of 1 MB, without a code cache",
    about:
      "The same with a megabyte of script, most of which is never called, as in a bundle. The code caches that Skerry makes of large scripts when they are deployed are taken away first.",
    needs: ["tenants", "bundles"],
    site: ({ coldStarts }) =>
      site({
        tenants: FIRST_TENANTS + bundles(coldStarts),
        scriptBytes: BUNDLE_BYTES,
        tellsPhases: true,
        keepsCodeCaches: false,
      }),
    takesMs: ({ coldStarts }) => startsMs(bundles(coldStarts), BUNDLE_BYTES),
    measure: async (served, _, { coldStarts }) =>
      await askEach(served, bundles(coldStarts), bundles(coldStarts)),
  },
  {
    ...COMMON,
    name: "cold-bundle-cached",
    title: "Cold start of a tenant with a bundle of 1 MB, with a code cache",
    about:
      "Each tenant served before the server was started, so that Skerry has a code cache of it that knows what a request needs; the others keep none, and start as they would a tenant that they never saw.",
    needs: ["tenants", "bundles"],
    site: ({ coldStarts }) =>
      site({
        tenants: FIRST_TENANTS + bundles(coldStarts),
        scriptBytes: BUNDLE_BYTES,
        tellsPhases: true,
        asksBefore: ASKS_BEFORE_CACHE,
      }),
    takesMs: ({ coldStarts }) => startsMs(bundles(coldStarts), BUNDLE_BYTES),
    measure: async (served, _, { coldStarts }) =>
      await askEach(served, bundles(coldStarts), bundles(coldStarts)),
  },
  {
    ...COMMON,
    name: "cold-evicted",
    title: "Cold start of a tenant that had to make room",
    about: "Tenants in turn where fewer may stay warm than there are: each was warm before, and is not now.",
    needs: ["tenants", "evicts"],
    site: () => site({ tenants: FIRST_TENANTS + EVICTED, warmTenants: 4, tellsPhases: true }),
    takesMs: ({ coldStarts }) => startsMs(EVICTED + coldStarts),
    measure: async (served, _, { coldStarts }) => {
      const job = loadJob({ port: served.port, mode: "each" });
      await runLoad({ ...job, requests: EVICTED, tenants: { first: FIRST_TENANTS, count: EVICTED } });
      return await askEach(served, EVICTED, coldStarts);
    },
  },
  {
    name: "cold-rate",
    title: `Cold starts that fall due ${COLD_PER_SECOND} a second`,
    about:
      "Each request is the first one to a tenant. They come whether the ones before were answered or not, so that starts meet each other.",
    needs: ["tenants"],
    metrics: [WHOLE, CLIENT_LATE],
    site: ({ coldStarts }) => site({ tenants: FIRST_TENANTS + coldStarts }),
    takesMs: ({ coldStarts }) => ((FIRST_TENANTS + coldStarts) / COLD_PER_SECOND) * 1_000,
    measure: async ({ port }, _, { coldStarts }) =>
      await askAtRate({
        port,
        ratePerSecond: COLD_PER_SECOND,
        warmUpMs: (FIRST_TENANTS / COLD_PER_SECOND) * 1_000,
        timeMs: (coldStarts / COLD_PER_SECOND) * 1_000,
        tenants: { first: 0, count: FIRST_TENANTS + coldStarts },
      }),
  },
];
