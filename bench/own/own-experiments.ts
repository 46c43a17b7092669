import { densityOf } from "../laboratory/experiments/density-of.ts";
import { askEach, FIRST_TENANTS, startsMs } from "../laboratory/experiments/ask-each.ts";
import { saturateWarm } from "../laboratory/experiments/saturate-warm.ts";
import {
  type Experiment,
  FIRST_BYTE,
  PHASES,
  type Size,
  THROUGHPUT,
  WHOLE,
} from "../laboratory/experiment.ts";
import { NEVER_SERVED, SERVED_BEFORE, SMALLEST } from "../report/anatomy.ts";
import { ASKS_BEFORE_CACHE, site } from "../subjects/site.ts";

/** Fewer copies cannot tell what one more takes. */
const LEAST_COPIES = 8;

/** What is measured of a worker of somebody's own. @param path What is asked for. */
export function ownExperiments(path: string): readonly Experiment[] {
  const job = { kind: "own", path } as const;
  const cold = {
    needs: [],
    metrics: [FIRST_BYTE, WHOLE, ...PHASES],
    takesMs: ({ coldStarts }: Size): number => startsMs(coldStarts),
  } as const;
  const copies = (coldStarts: number): number => FIRST_TENANTS + Math.max(LEAST_COPIES, coldStarts);
  return [
    {
      ...cold,
      name: SERVED_BEFORE,
      title: "Cold start of a version that served before",
      about: "The first request to each of some copies, with the code cache that earlier requests led to.",
      site: ({ coldStarts }) =>
        site({
          kind: "own",
          tellsPhases: true,
          tenants: copies(coldStarts),
          asksBefore: ASKS_BEFORE_CACHE,
        }),
      measure: async (served, _, { coldStarts }) => await askEach(served, coldStarts, coldStarts, job),
    },
    {
      ...cold,
      name: NEVER_SERVED,
      title: "Cold start without a code cache",
      about:
        "The same without a code cache: so starts a small script that has not served three requests yet, and one whose cache is lost.",
      site: ({ coldStarts }) =>
        site({ kind: "own", tellsPhases: true, tenants: copies(coldStarts), keepsCodeCaches: false }),
      measure: async (served, _, { coldStarts }) => await askEach(served, coldStarts, coldStarts, job),
    },
    ...[1, 8, 64].map((connections): Experiment => ({
      name: `warm-${connections}`,
      title: `Warm requests, ${connections} ${connections === 1 ? "connection" : "connections"}`,
      about: "Each connection asks again as soon as it is answered.",
      needs: [],
      metrics: [WHOLE, THROUGHPUT],
      site: ({ coldStarts }) => site({ kind: "own", tenants: copies(coldStarts) }),
      takesMs: ({ loadMs }) => 2 * loadMs,
      admits: ({ name }) => name !== SMALLEST,
      measure: async ({ port }, _, { loadMs }) => await saturateWarm({ ...job, port, connections }, loadMs),
    })),
    densityOf({
      name: "density",
      title: "Memory of a warm copy",
      needs: [],
      job,
      site: ({ coldStarts }) => site({ kind: "own", tenants: copies(coldStarts) }),
    }),
  ];
}
