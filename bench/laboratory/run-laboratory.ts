import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startOrigin } from "../origin.ts";
import { scratchFolder } from "../scratch-folder.ts";
import type { Site } from "../subjects/site.ts";
import type { Subject } from "../subjects/subject.ts";
import { isThere } from "../subjects/peer-package.ts";
import type { Experiment, Size } from "./experiment.ts";
import { controlOf, type LabRecord } from "./records.ts";

/** Bytes that the origin answers. */
const ORIGIN_BYTES = 64;

/** What to measure, and whom to tell. */
export interface LaboratoryOptions {
  readonly experiments: readonly Experiment[];
  readonly subjects: readonly Subject[];
  /** Name of the subject that is measured a second time: what differs then is the machine's noise. */
  readonly ours: string;
  readonly size: Size;
  readonly record: (record: LabRecord) => void;
  readonly say: (text: string) => void;
}

/** A subject under the name that its samples get. */
interface Entrant {
  readonly name: string;
  readonly subject: Subject;
  readonly preparedFolder: string;
}

/**
 * Runs each experiment: in every round each subject is started in a fresh process, warmed up, measured and ended, one
 * after the other and in the other direction every second round, so that what drifts on the machine meets all alike.
 */
export async function runLaboratory(options: LaboratoryOptions): Promise<void> {
  const { experiments, subjects, size, record, say } = options;
  const told = new Set<Subject>();
  await using origin = await startOrigin(ORIGIN_BYTES);
  for (const experiment of experiments) {
    await using scratch = await scratchFolder("lab");
    const folder = scratch.path;
    const { name, title, about, metrics } = experiment;
    record({ type: "experiment", experiment: name, title, about, metrics });
    say(`\n${title}`);
    const site = experiment.site(size, origin.url);
    const entrants = await prepare(experiment, subjects, site, folder, options);
    for (let round = 0; round < size.rounds; round++) {
      const turn = round % 2 === 0 ? entrants : entrants.toReversed();
      for (const entrant of turn)
        await measureOne(experiment, entrant, site, round, folder, { ...options, told });
    }
  }
}

async function prepare(
  experiment: Experiment,
  subjects: readonly Subject[],
  site: Site,
  folder: string,
  { size, ours, say, record }: LaboratoryOptions,
): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const subject of subjects) {
    const able = experiment.needs.every((ability) => subject.abilities.includes(ability));
    if (!able || experiment.admits?.(subject, size) === false || !isThere(subject)) continue;
    const preparedFolder = join(folder, `prepared-${subject.name}`);
    await mkdir(preparedFolder);
    if (subject.prepare !== undefined) {
      say(`  ${subject.name}: ${site.tenants} deployed`);
      const failure = await subject.prepare(site, preparedFolder).then(() => null, messageOf);
      if (failure !== null) {
        record({ ...failureOf(failure), experiment: experiment.name, subject: subject.name, round: 0 });
        say(`  ${subject.name} failed: ${failure.slice(0, 300)}`);
        continue;
      }
    }
    entrants.push({ name: subject.name, subject, preparedFolder });
  }
  const own = entrants.find(({ name }) => name === ours);
  return own === undefined ? entrants : [...entrants, { ...own, name: controlOf(ours) }];
}

async function measureOne(
  experiment: Experiment,
  { name, subject, preparedFolder }: Entrant,
  site: Site,
  round: number,
  folder: string,
  { size, record, say, told }: LaboratoryOptions & { readonly told: Set<Subject> },
): Promise<void> {
  const runFolder = join(folder, `${name}-${round}`);
  await cp(preparedFolder, runFolder, { recursive: true });
  const place = { experiment: experiment.name, subject: name, round };
  try {
    await using served = await subject.start(site, runFolder);
    if (subject.conditions !== undefined && !told.has(subject)) {
      told.add(subject);
      record({ type: "conditions", subject: subject.name, text: await subject.conditions(served) });
    }
    record({ type: "samples", ...place, ...(await experiment.measure(served, site, size, round)) });
    say(`  round ${round + 1}: ${name}`);
  } catch (error) {
    const message = messageOf(error);
    record({ ...failureOf(message), ...place });
    say(`  round ${round + 1}: ${name} failed: ${message.slice(0, 300)}`);
  } finally {
    await rm(runFolder, { recursive: true, force: true });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failureOf(message: string): { readonly type: "failure"; readonly message: string } {
  return { type: "failure", message: message.slice(0, 1_000) };
}
