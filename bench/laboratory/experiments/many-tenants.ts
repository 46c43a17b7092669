import { loadJob, runLoad } from "../../load/run-load.ts";
import { site } from "../../subjects/site.ts";
import type { Subject } from "../../subjects/subject.ts";
import { type Experiment, MEMORY, THROUGHPUT, WHOLE } from "../experiment.ts";
import { firstAskMs } from "./ask-each.ts";
import { measured } from "./saturate-warm.ts";

const CONNECTIONS = 16;
const WARM_TENANTS = 1_000;
const MB = 2 ** 20;
/** Tenants that still fit into a machine, where a runtime keeps all that it ever started. */
const MOST: Readonly<Record<string, number>> = {
  "child-process": 10,
  "worker-threads": 100,
  "deno-workers": 100,
  "bun-workers": 100,
  "edge-runtime": 100,
  "node-vm": 1_000,
  "workerd-loader": 1_000,
};

/** The same load over more and more tenants, as often asked as Zipf's law says; at most 1,000 may stay warm. */
export const MANY_TENANTS: readonly Experiment[] = [1, 10, 100, 1_000, 10_000].map((tenants) => ({
  name: `tenants-${tenants}`,
  title: `${tenants.toLocaleString("en")} ${tenants === 1 ? "tenant" : "tenants"}, asked by Zipf's law`,
  about: `${CONNECTIONS} connections; at most ${WARM_TENANTS.toLocaleString("en")} tenants stay warm where a runtime can be told.`,
  needs: ["tenants"],
  metrics: [WHOLE, THROUGHPUT, MEMORY],
  site: () => site({ tenants, warmTenants: WARM_TENANTS }),
  admits: ({ name }: Subject, { mostTenants }) => tenants <= Math.min(mostTenants, MOST[name] ?? Infinity),
  takesMs: ({ loadMs }) => Math.min(tenants, WARM_TENANTS) * firstAskMs() + 3 * loadMs,
  measure: async (served, _, { loadMs }, round) => {
    const { port } = served;
    const job = loadJob({ port, connections: CONNECTIONS, tenants: { first: 0, count: tenants } });
    // As many as may stay warm are, and the others push them out from the first sample on.
    const warm = Math.min(tenants, WARM_TENANTS);
    await runLoad({ ...job, mode: "each", requests: warm });
    // One client goes on with its choice, so that what it measures is not what it warmed up with; each round has its own.
    const { samples, ...rest } = measured(
      await runLoad({
        ...job,
        choice: "zipf",
        seed: round + 1,
        warmUpMs: loadMs,
        warmUpRequests: warm,
        timeMs: loadMs * 2,
      }),
    );
    const memoryMb = (await served.memoryBytes()) / MB;
    return { ...rest, samples: { ...samples, [MEMORY.name]: [memoryMb] } };
  },
})) satisfies readonly Experiment[];
