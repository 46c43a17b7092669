import { site } from "../../subjects/site.ts";
import type { Experiment } from "../experiment.ts";
import { densityOf } from "./density-of.ts";

/** What one more warm tenant takes, by the size of its script. */
export const DENSITY: readonly Experiment[] = [0, 100 * 1024].map((scriptBytes) =>
  densityOf({
    name: scriptBytes === 0 ? "density" : "density-100k",
    title: `Memory of a warm tenant, ${scriptBytes === 0 ? "the smallest worker" : "100 KB of script"}`,
    needs: ["tenants"],
    site: ({ mostTenants }) => site({ tenants: Math.min(105, mostTenants), scriptBytes }),
    admits: ({ name }) => name !== "child-process" || scriptBytes === 0,
  }),
);
