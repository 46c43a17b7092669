import { loadJob, runLoad } from "../../load/run-load.ts";
import { LOUD_TENANT, site } from "../../subjects/site.ts";
import type { Experiment, Metric } from "../experiment.ts";

const ALONE: Metric = { name: "whole answer, alone", unit: "us", lessIsBetter: true };
const BESIDE: Metric = { name: "whole answer, beside a loud tenant", unit: "us", lessIsBetter: true };
const LOUD: Metric = { name: "answers of the loud tenant", unit: "requests/s", lessIsBetter: false };
const REFUSED: Metric = { name: "refusals of the loud tenant", unit: "requests/s", lessIsBetter: true };
const RATE_PER_SECOND = 100;
const LOUD_CONNECTIONS = 8;
/** How much longer the loud tenant is asked than the other: it is loud from the first to the last sample. */
const LOUD_BEFORE = 0.3;
const LOUD_AFTER = 0.3;

/** What one tenant that computes as much as it can costs another, beside the same without it. */
export const NOISY_NEIGHBOUR: readonly Experiment[] = [
  {
    name: "noisy-neighbour",
    title: "A quiet tenant beside a loud one",
    about: `A tenant that is asked ${RATE_PER_SECOND} times a second, alone, and then while ${LOUD_CONNECTIONS} connections ask another one that computes for some ms at each request.`,
    needs: ["tenants"],
    metrics: [ALONE, BESIDE, LOUD, REFUSED],
    site: () => site({ kind: "loud", tenants: 2 }),
    takesMs: ({ loadMs }) => (2 * (LOUD_BEFORE + 1) + LOUD_AFTER) * loadMs,
    measure: async ({ port }, _, { loadMs }) => {
      const victim = loadJob({
        port,
        kind: "loud",
        mode: "rate",
        connections: 64,
        ratePerSecond: RATE_PER_SECOND,
        timeMs: loadMs,
        warmUpMs: loadMs * LOUD_BEFORE,
      });
      const { wholeUs: alone } = await runLoad(victim);
      const loud = runLoad(
        loadJob({
          port,
          kind: "loud",
          connections: LOUD_CONNECTIONS,
          tenants: { first: LOUD_TENANT, count: 1 },
          timeMs: loadMs * (LOUD_BEFORE + 1 + LOUD_AFTER),
          mayFail: true,
        }),
      );
      const [{ wholeUs: beside }, { count, errors, tookMs }] = await Promise.all([runLoad(victim), loud]);
      return {
        samples: {
          [ALONE.name]: alone,
          [BESIDE.name]: beside,
          [LOUD.name]: [(count / tookMs) * 1_000],
          [REFUSED.name]: [(errors / tookMs) * 1_000],
        },
      };
    },
  },
];
