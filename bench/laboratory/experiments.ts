import type { Experiment } from "./experiment.ts";
import { COLD_STARTS } from "./experiments/cold-starts.ts";
import { DENSITY } from "./experiments/density.ts";
import { DEPLOYS } from "./experiments/deploys.ts";
import { NOISY_NEIGHBOUR } from "./experiments/noisy-neighbour.ts";
import { MANY_TENANTS } from "./experiments/many-tenants.ts";
import { OPERATIONS } from "./experiments/operations.ts";
import { WARM_REQUESTS } from "./experiments/warm-requests.ts";

/** Every experiment, by name, in the order of reports. */
export const EXPERIMENTS: ReadonlyMap<string, Experiment> = new Map(
  [
    ...COLD_STARTS,
    ...DEPLOYS,
    ...WARM_REQUESTS,
    ...MANY_TENANTS,
    ...NOISY_NEIGHBOUR,
    ...DENSITY,
    ...OPERATIONS,
  ].map((experiment) => [experiment.name, experiment]),
);
