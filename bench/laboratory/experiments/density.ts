import { setTimeout as pause } from "node:timers/promises";
import { loadJob, runLoad } from "../../load/run-load.ts";
import { site } from "../../subjects/site.ts";
import type { Experiment, Metric } from "../experiment.ts";

const EACH: Metric = { name: "memory of a warm tenant", unit: "MB", lessIsBetter: true };
const FIRST = 5;
/** Time in which a server may tidy up before it is looked at, in ms. */
const SETTLE_MS = 2_000;
const MB = 2 ** 20;

/** What one more warm tenant takes of the machine's memory. */
export const DENSITY: readonly Experiment[] = [0, 100 * 1024].map((scriptBytes): Experiment => ({
  name: scriptBytes === 0 ? "density" : "density-100k",
  title: `Memory of a warm tenant, ${scriptBytes === 0 ? "the smallest worker" : "100 KB of script"}`,
  about:
    "Memory of all processes of the server, shared pages counted once, with many tenants less that with five.",
  needs: ["tenants"],
  metrics: [EACH],
  site: ({ mostTenants }) => site({ tenants: Math.min(105, mostTenants), scriptBytes }),
  admits: ({ name }) => name !== "child-process" || scriptBytes === 0,
  measure: async (served, { tenants }, { loadMs }) => {
    const job = loadJob({ port: served.port, mode: "each" });
    const look = async (): Promise<number> => {
      await pause(Math.min(SETTLE_MS, loadMs));
      return await served.memoryBytes();
    };
    await runLoad({ ...job, requests: FIRST, tenants: { first: 0, count: FIRST } });
    const before = await look();
    const more = tenants - FIRST;
    await runLoad({ ...job, requests: more, tenants: { first: FIRST, count: more } });
    return { [EACH.name]: [((await look()) - before) / more / MB] };
  },
}));
