import { site, type Site } from "../../subjects/site.ts";
import { type Experiment, THROUGHPUT, WHOLE } from "../experiment.ts";
import { saturateWarm } from "./saturate-warm.ts";

/** What a worker asks of others: one key, another worker, an origin. */
export const OPERATIONS: readonly Experiment[] = (
  [
    ["kv", "One KV read in a request", "Reads a key that is there."],
    [
      "service",
      "One request to another worker",
      "Asks another worker of the account through a service binding.",
    ],
    [
      "outbound",
      "One fetch of an origin on loopback",
      "Asks an origin on this machine and passes its text on.",
    ],
  ] as const
).flatMap(([kind, title, about]) =>
  [1, 16].map((connections): Experiment => ({
    name: `${kind}-${connections}`,
    title: `${title}, ${connections} ${connections === 1 ? "connection" : "connections"}`,
    about,
    needs: [kind],
    metrics: [WHOLE, THROUGHPUT],
    site: (_, originUrl): Site => site({ kind, ...(kind === "outbound" && { originUrl }) }),
    takesMs: ({ loadMs }) => 2 * loadMs,
    measure: async ({ port }, _, { loadMs }) => await saturateWarm({ port, kind, connections }, loadMs),
  })),
);
