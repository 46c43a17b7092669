import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { interruptible } from "../run-end.ts";
import { setProcessors } from "../load/on-processors.ts";
import { isThere } from "../subjects/peer-package.ts";
import type { Subject } from "../subjects/subject.ts";
import type { Experiment, Size } from "./experiment.ts";
import { loadSince, machineFacts, processorTicks } from "../machine-facts.ts";
import { announce } from "./announce.ts";
import { choosePinning } from "./pinning.ts";
import type { LabRecord } from "./records.ts";
import { extentOf, planRun } from "./plan.ts";
import { Progress } from "./progress.ts";
import { runLaboratory } from "./run-laboratory.ts";

/** What to measure, and where it is written. */
export interface Measurement {
  readonly experiments: readonly Experiment[];
  readonly subjects: readonly Subject[];
  /** Name of the subject that the others are compared with. */
  readonly ours: string;
  readonly size: Size;
  /** Which processors are whose: see `choosePinning`. */
  readonly pin: string;
  /** The file of JSON lines; its folder is made. */
  readonly path: string;
  /** As the report names it. */
  readonly command: string;
  readonly startedAt: string;
}

/**
 * Measures, and writes each line when it is known: what was measured before a power cut is not lost. Ctrl-C ends it early,
 * as a run that is complete but for what was left.
 *
 * @param say Hears what goes on.
 * @returns what adds further lines, whether anything was measured so far, and whether it was interrupted
 * @throws RangeError where processes cannot be pinned as it was asked for.
 */
export async function measureRun(
  { experiments, subjects, ours, size, pin, path, command, startedAt }: Measurement,
  say: (text: string) => void,
): Promise<{
  readonly record: (record: LabRecord) => void;
  readonly measured: () => boolean;
  readonly interrupted: boolean;
}> {
  const pinning = choosePinning(pin);
  // Before the file is there: it would count as a change of the project.
  const facts = machineFacts();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
  let done = 0;
  let anything = false;
  const record = (one: LabRecord): void => {
    anything ||= one.type === "samples";
    if (one.type === "samples" || one.type === "failure") done++;
    appendFileSync(path, `${JSON.stringify(one)}\n`);
  };
  const missing = subjects.filter((subject) => !isThere(subject)).map(({ name }) => name);
  const machine = {
    ...facts,
    processors: pinning.text,
    ...(missing.length > 0 && { missing: `${missing.join(", ")}: not installed` }),
  };
  const ticksBefore = processorTicks();
  record({ type: "run", startedAt, command, ours, size, machine });
  for (const subject of subjects) {
    if (!isThere(subject)) continue;
    const { name, title, flags } = subject;
    const version = subject.version();
    record({ type: "subject", subject: name, title, version, ...(flags !== undefined && { flags }) });
  }
  const plan = planRun(experiments, subjects, size);
  const extent = extentOf(plan, size, ours);
  say(announce(plan, subjects, size, ours));
  using interruption = interruptible();
  const { signal } = interruption;
  signal.addEventListener("abort", () => say("\nInterrupted: the report follows."));
  setProcessors("client", pinning.client);
  setProcessors("servers", pinning.servers);
  try {
    const progress = new Progress(extent.ms);
    await runLaboratory({ plan, ours, size, say, record, progress, signal });
    const interrupted = { done, of: extent.measurements };
    record({ type: "end", machine: loadSince(ticksBefore), ...(signal.aborted && { interrupted }) });
  } finally {
    setProcessors("client", null);
    setProcessors("servers", null);
  }
  return { record, measured: () => anything, interrupted: signal.aborted };
}
