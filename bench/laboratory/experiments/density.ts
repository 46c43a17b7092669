import { site } from "../../subjects/site.ts";
import type { Experiment } from "../experiment.ts";
import { densityOf } from "./density-of.ts";

/** What one more warm tenant takes, by the size of its script. */
export const DENSITY: readonly Experiment[] = (
  [
    ["density", "the smallest worker", 0, 105],
    ["density-100k", "100 KB of script", 100 * 1024, 105],
    ["density-1m", "1 MB of script", 1024 * 1024, 35],
  ] as const
).map(([name, what, scriptBytes, tenants]) =>
  densityOf({
    name,
    title: `Memory of a warm tenant, ${what}`,
    needs: scriptBytes > 0 ? ["tenants", "bundles"] : ["tenants"],
    site: ({ mostTenants }) => site({ tenants: Math.min(tenants, mostTenants), scriptBytes }),
  }),
);
