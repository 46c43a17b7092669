import { isThere } from "../subjects/peer-package.ts";
import type { Subject } from "../subjects/subject.ts";
import type { Experiment, Size } from "./experiment.ts";

/** About what it takes to start a server and the processes of its clients, and to end them, in ms. */
const START_MS = 300;
/** The same of one that is a whole host, with a store and cells. */
const HOST_START_MS = 1_200;
/** About what deploying one tenant takes before the first round, and what a megabyte of its script adds, in ms. */
const DEPLOY_MS = 10;
const DEPLOY_MB_MS = 250;
const MB = 2 ** 20;

/** An experiment with those who take part in it. */
export interface PlannedExperiment {
  readonly experiment: Experiment;
  readonly subjects: readonly Subject[];
  /** About how long one round of a subject takes on two cores, in ms. */
  readonly roundMs: (subject: Subject) => number;
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
      roundMs: (subject) => (isHost(subject) ? HOST_START_MS : START_MS) + experiment.takesMs(size),
      prepareMs: HOST_START_MS + tenants * (DEPLOY_MS * (1 + asksBefore) + (scriptBytes / MB) * DEPLOY_MB_MS),
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
    const entrants = [...subjects, ...subjects.filter(({ name }) => name === ours)];
    measurements += entrants.length * rounds;
    ms += rounds * entrants.reduce((sum, subject) => sum + roundMs(subject), 0);
    ms += subjects.filter(isHost).length * prepareMs;
  }
  return { measurements, ms };
}

/** Whether something has to be deployed to it, once for all rounds. */
function isHost(subject: Subject): boolean {
  return subject.prepare !== undefined;
}
