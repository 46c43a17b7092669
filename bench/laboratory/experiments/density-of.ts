import { setTimeout as pause } from "node:timers/promises";
import type { LoadJob } from "../../load/load-job.ts";
import { loadJob, runLoad } from "../../load/run-load.ts";
import type { Experiment, Metric } from "../experiment.ts";
import { firstAskMs } from "./ask-each.ts";

const EACH: Metric = { name: "memory of a warm tenant", unit: "MB", lessIsBetter: true };
const FIRST = 5;
/** Time in which a server may tidy up before it is looked at, in ms. */
const SETTLE_MS = 2_000;
const MB = 2 ** 20;

/** Measures what one more warm tenant takes of the machine's memory. */
export function densityOf({
  job: more = {},
  ...rest
}: Pick<Experiment, "name" | "title" | "needs" | "site" | "admits"> & {
  readonly job?: Partial<LoadJob>;
}): Experiment {
  return {
    ...rest,
    about:
      "Memory of all processes of the server, shared pages counted once, with many tenants less that with five.",
    metrics: [EACH],
    takesMs: (size) => {
      const { tenants, scriptBytes } = rest.site(size, "");
      return 2 * Math.min(SETTLE_MS, size.loadMs) + tenants * firstAskMs(scriptBytes);
    },
    measure: async (served, { tenants }, { loadMs }) => {
      const job = loadJob({ ...more, port: served.port, mode: "each" });
      const look = async (): Promise<number> => {
        await pause(Math.min(SETTLE_MS, loadMs));
        return await served.memoryBytes();
      };
      await runLoad({ ...job, requests: FIRST, tenants: { first: 0, count: FIRST } });
      const before = await look();
      const others = tenants - FIRST;
      await runLoad({ ...job, requests: others, tenants: { first: FIRST, count: others } });
      return { samples: { [EACH.name]: [((await look()) - before) / others / MB] } };
    },
  };
}
