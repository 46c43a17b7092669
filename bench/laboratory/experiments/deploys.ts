import { loadJob, runLoad } from "../../load/run-load.ts";
import type { LoadJob } from "../../load/load-job.ts";
import { site } from "../../subjects/site.ts";
import type { Served } from "../../subjects/subject.ts";
import { type Experiment, FIRST_BYTE, type Measured, type Metric, type Size, WHOLE } from "../experiment.ts";

const DEPLOY: Metric = { name: "deploy", unit: "us", lessIsBetter: true };
const TOGETHER: Metric = { name: "deploy to first answer", unit: "us", lessIsBetter: true };
/** About what a deploy and the request after it take, in ms. */
const ONE_MS = 60;
const COMMON = {
  metrics: [TOGETHER, DEPLOY, FIRST_BYTE, WHOLE],
  takesMs: ({ coldStarts }: Size): number => coldStarts * ONE_MS,
} as const;
/** The first tenant that was not there when the server started. */
const NEW_TENANT = 1_000_000;

/** New code: until it is deployed, and until it has answered. */
export const DEPLOYS: readonly Experiment[] = [
  {
    ...COMMON,
    name: "new-version",
    title: "A new version of a worker that is warm",
    about:
      "A worker that was asked before gets a new version by the server's own call; then the new version is asked for the first time.",
    needs: ["versions"],
    site: () => site(),
    measure: async (served, _, { coldStarts }) => await timed(served, { requests: coldStarts, tenants: ONE }),
  },
  {
    ...COMMON,
    name: "deploy-to-first",
    title: "A new tenant, from its deploy to its first answer",
    about:
      "A tenant that was never there is deployed while the server serves, and is asked as soon as that is done.",
    needs: ["deploys"],
    site: () => site(),
    measure: async (served, _, { coldStarts }) =>
      await timed(served, { requests: coldStarts, tenants: { first: NEW_TENANT, count: coldStarts + 1 } }),
  },
];

const ONE = { first: 0, count: 1 } as const;

async function timed(served: Served, job: Partial<LoadJob>): Promise<Measured> {
  const { port, controlPort = 0 } = served;
  await runLoad(loadJob({ port, mode: "each" }));
  const { deployUs, togetherUs, firstByteUs, wholeUs, clientBusy } = await runLoad(
    loadJob({ ...job, port, controlPort, mode: "deploys" }),
  );
  return {
    samples: {
      [TOGETHER.name]: togetherUs,
      [DEPLOY.name]: deployUs,
      [FIRST_BYTE.name]: firstByteUs,
      [WHOLE.name]: wholeUs,
    },
    clientBusy,
  };
}
