import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startOrigin } from "../origin.ts";
import { scratchFolder } from "../scratch-folder.ts";
import type { Site } from "../subjects/site.ts";
import type { Subject } from "../subjects/subject.ts";
import type { Size } from "./experiment.ts";
import type { PlannedExperiment } from "./plan.ts";
import type { Progress } from "./progress.ts";
import { controlOf, type LabRecord } from "./records.ts";

/** Bytes that the origin answers. */
const ORIGIN_BYTES = 64;
const NAME_WIDTH = 18;

/** What to measure, and whom to tell. */
export interface LaboratoryOptions {
  readonly plan: readonly PlannedExperiment[];
  /** Name of the subject that is measured a second time: what differs then is the machine's noise. */
  readonly ours: string;
  readonly size: Size;
  readonly record: (record: LabRecord) => void;
  readonly say: (text: string) => void;
  readonly progress: Progress;
  /** Ends the run early; what is under way then is not recorded. */
  readonly signal: AbortSignal;
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
  const { plan, size, record, say, signal } = options;
  const told = new Set<Subject>();
  await using origin = await startOrigin(ORIGIN_BYTES);
  for (const planned of plan) {
    if (signal.aborted) return;
    await using scratch = await scratchFolder("lab");
    const folder = scratch.path;
    const { experiment } = planned;
    const { name, title, about, metrics } = experiment;
    record({ type: "experiment", experiment: name, title, about, metrics });
    say(`\n${title}  [${name}]`);
    const site = experiment.site(size, origin.url);
    const entrants = await prepare(planned, site, folder, options);
    for (let round = 0; round < size.rounds; round++) {
      const turn = round % 2 === 0 ? entrants : entrants.toReversed();
      for (const entrant of turn)
        if (!signal.aborted) await measureOne(planned, entrant, site, round, folder, { ...options, told });
    }
  }
}

async function prepare(
  { experiment, subjects, prepareMs }: PlannedExperiment,
  site: Site,
  folder: string,
  { ours, say, record, progress, signal }: LaboratoryOptions,
): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const subject of subjects) {
    if (signal.aborted) break;
    const preparedFolder = join(folder, `prepared-${subject.name}`);
    await mkdir(preparedFolder);
    if (subject.prepare !== undefined) {
      say(`  ${subject.name}: deploys ${site.tenants}`);
      const failure = await subject.prepare(site, preparedFolder, signal).then(() => null, messageOf);
      if (signal.aborted) break;
      progress.done(prepareMs);
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
  { experiment, roundMs }: PlannedExperiment,
  { name, subject, preparedFolder }: Entrant,
  site: Site,
  round: number,
  folder: string,
  { size, record, say, told, progress, signal }: LaboratoryOptions & { readonly told: Set<Subject> },
): Promise<void> {
  const runFolder = join(folder, `${name}-${round}`);
  await cp(preparedFolder, runFolder, { recursive: true });
  const place = { experiment: experiment.name, subject: name, round };
  let failure = "";
  try {
    await using served = await subject.start(site, runFolder);
    signal.throwIfAborted();
    // Whoever measures hears of it by a connection that ends.
    const end = (): void => void served[Symbol.asyncDispose]();
    signal.addEventListener("abort", end);
    try {
      if (subject.conditions !== undefined && !told.has(subject)) {
        told.add(subject);
        record({ type: "conditions", subject: subject.name, text: await subject.conditions(served) });
      }
      const measured = await experiment.measure(served, site, size, round);
      if (!signal.aborted) record({ type: "samples", ...place, ...measured });
    } finally {
      signal.removeEventListener("abort", end);
    }
  } catch (error) {
    failure = messageOf(error);
    if (!signal.aborted) record({ ...failureOf(failure), ...place });
  } finally {
    await rm(runFolder, { recursive: true, force: true });
  }
  if (signal.aborted) return;
  progress.done(roundMs(subject));
  say(`  round ${round + 1}: ${name.padEnd(NAME_WIDTH)} ${progress.text()}`);
  if (failure !== "") say(`    failed: ${failure.slice(0, 300)}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failureOf(message: string): { readonly type: "failure"; readonly message: string } {
  return { type: "failure", message: message.slice(0, 1_000) };
}
