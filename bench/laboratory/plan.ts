import { isThere } from "../subjects/peer-package.ts";
import type { Subject } from "../subjects/subject.ts";
import type { Experiment, Size } from "./experiment.ts";

/** About what it takes to start a server and the processes of its clients, and to end them, in ms. */
const START_MS = 1_200;
/** About what deploying one tenant takes before the first round, and what a megabyte of its script adds, in ms. */
const DEPLOY_MS = 6;
const DEPLOY_MB_MS = 120;
const MB = 2 ** 20;

/** An experiment with those who take part in it. */
export interface PlannedExperiment {
  readonly experiment: Experiment;
  readonly subjects: readonly Subject[];
  /** About how long one round of one subject takes on two cores, in ms. */
  readonly roundMs: number;
  /** About how long one subject that has to deploy first takes for that, in ms. */
  readonly prepareMs: number;
}

/** Says who takes part in what, and about how long that takes. */
export function planRun(
  experiments: readonly Experiment[],
  subjects: readonly Subject[],
  size: Size,
): PlannedExperiment[] {
  return experiments.map((experiment) => {
    const { tenants, scriptBytes, asksBefore } = experiment.site(size, "");
    return {
      experiment,
      subjects: subjects.filter(
        (subject) =>
          isThere(subject) &&
          experiment.needs.every((ability) => subject.abilities.includes(ability)) &&
          experiment.admits?.(subject, size) !== false,
      ),
      roundMs: START_MS + experiment.takesMs(size),
      prepareMs: START_MS + tenants * (DEPLOY_MS * (1 + asksBefore) + (scriptBytes / MB) * DEPLOY_MB_MS),
    };
  });
}

/** How many measurements a plan has, and about how long all of it takes. @param ours Who is measured twice. */
export function extentOf(
  plan: readonly PlannedExperiment[],
  { rounds }: Size,
  ours: string,
): { readonly measurements: number; readonly ms: number } {
  let measurements = 0;
  let ms = 0;
  for (const { subjects, roundMs, prepareMs } of plan) {
    const entrants = subjects.length + (subjects.some(({ name }) => name === ours) ? 1 : 0);
    measurements += entrants * rounds;
    ms += entrants * rounds * roundMs;
    ms += subjects.filter((subject) => subject.prepare !== undefined).length * prepareMs;
  }
  return { measurements, ms };
}
