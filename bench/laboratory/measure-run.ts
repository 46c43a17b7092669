import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setProcessors } from "../load/on-processors.ts";
import { isThere } from "../subjects/peer-package.ts";
import type { Subject } from "../subjects/subject.ts";
import type { Experiment, Size } from "./experiment.ts";
import { loadSince, machineFacts, processorTicks } from "../machine-facts.ts";
import { choosePinning } from "./pinning.ts";
import type { LabRecord } from "./records.ts";
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
 * Measures, and writes each line when it is known: what was measured before a power cut is not lost.
 *
 * @param say Hears what goes on.
 * @returns what adds further lines, and whether anything was measured so far
 * @throws RangeError where processes cannot be pinned as it was asked for.
 */
export async function measureRun(
  { experiments, subjects, ours, size, pin, path, command, startedAt }: Measurement,
  say: (text: string) => void,
): Promise<{ readonly record: (record: LabRecord) => void; readonly measured: () => boolean }> {
  const pinning = choosePinning(pin);
  // Before the file is there: it would count as a change of the project.
  const facts = machineFacts();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
  let anything = false;
  const record = (one: LabRecord): void => {
    anything ||= one.type === "samples";
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
    if (!isThere(subject)) {
      say(`${subject.name} is not installed and left out: npm ci --prefix bench/peers`);
      continue;
    }
    const { name, title } = subject;
    record({ type: "subject", subject: name, title, version: subject.version() });
  }
  setProcessors("client", pinning.client);
  setProcessors("servers", pinning.servers);
  try {
    await runLaboratory({ experiments, subjects, ours, size, say, record });
    record({ type: "end", machine: loadSince(ticksBefore) });
  } finally {
    setProcessors("client", null);
    setProcessors("servers", null);
  }
  return { record, measured: () => anything };
}
