import { site, type Site } from "../../subjects/site.ts";
import { CLIENT_LATE, type Experiment, type Size, THROUGHPUT, WHOLE } from "../experiment.ts";
import { askAtRate } from "./ask-at-rate.ts";
import { saturateWarm } from "./saturate-warm.ts";

const RATE_PER_SECOND = 500;
const COMMON = {
  needs: [],
  site: (): Site => site(),
  takesMs: ({ loadMs }: Size): number => 2 * loadMs,
} as const;

/** Requests to the smallest worker, warm. */
export const WARM_REQUESTS: readonly Experiment[] = [
  ...[1, 8, 64].map((connections): Experiment => ({
    ...COMMON,
    name: `warm-${connections}`,
    title: `Warm requests, ${connections} ${connections === 1 ? "connection" : "connections"}`,
    about: "Each connection asks again as soon as it is answered.",
    metrics: [WHOLE, THROUGHPUT],
    measure: async ({ port }, _, { loadMs }) => await saturateWarm({ port, connections }, loadMs),
  })),
  {
    ...COMMON,
    name: "warm-rate",
    title: `Warm requests at ${RATE_PER_SECOND} a second`,
    about:
      "Requests fall due at a fixed rate, answered or not; time counts from when the schedule has each one.",
    metrics: [WHOLE, CLIENT_LATE],
    measure: async ({ port }, _, { loadMs }) =>
      await askAtRate({ port, ratePerSecond: RATE_PER_SECOND, warmUpMs: loadMs, timeMs: loadMs }),
  },
];
