import { FIRST_BYTE } from "../laboratory/experiment.ts";
import { adviceFor, hostsPart, type StartFigures } from "./advice.ts";
import { formatBytes } from "./format-figure.ts";
import { phasesOf } from "./phases.ts";
import type { RunSummary } from "./summary.ts";

/** What a worker of somebody's own is made of, and what that means for its cold starts. */
export interface Anatomy {
  /** Names and what they are, such as `code` and `1.2 MB in 3 modules`. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  /** The files and packages that its script has most of. */
  readonly parts: readonly { readonly name: string; readonly bytes: number; readonly share: number }[];
  readonly advice: readonly string[];
}

const MOST_PARTS = 12;
/** Experiments of `skerry bench`, and its other subject. */
export const SERVED_BEFORE = "cold-served-before";
export const NEVER_SERVED = "cold-never-served";
export const SMALLEST = "smallest";
const RESTLESS =
  "Measure again before you act on any of this: the same worker, measured twice in turn, differed from itself, so that the machine was " +
  "too restless for what is said below.";

/** Puts together what a run says of one worker; null for a run that was not about one. */
export function anatomyOf(summary: RunSummary): Anatomy | null {
  const { worker, run } = summary;
  if (worker === null) return null;
  const starts = {
    worker,
    servedBefore: figuresOf(summary, SERVED_BEFORE, run.ours),
    neverServed: figuresOf(summary, NEVER_SERVED, run.ours),
    smallest: figuresOf(summary, SERVED_BEFORE, SMALLEST),
  };
  const { codeBytes, otherBytes, moduleCount, partCount, hasCodeCache } = worker;
  const part = hostsPart(starts);
  return {
    facts: [
      ["worker", `${worker.name}, asked for ${worker.path}`],
      ["code", `${formatBytes(codeBytes)}, of ${partCount} ${partCount === 1 ? "file" : "files"}`],
      ["modules", `${moduleCount}, with ${formatBytes(otherBytes)} that are no code`],
      ["code cache", hasCodeCache === null ? "not looked at" : hasCodeCache ? "made" : "none was made"],
      ...(part === null ? [] : [["cold start", part] as const]),
    ],
    parts: worker.parts
      .slice(0, MOST_PARTS)
      .map(({ name, bytes }) => ({ name, bytes, share: codeBytes === 0 ? 0 : bytes / codeBytes })),
    advice: [...(isRestless(summary) ? [RESTLESS] : []), ...adviceFor(starts)],
  };
}

/** Whether the worker's cold starts differed from themselves when they were measured twice. */
function isRestless({ experiments }: RunSummary): boolean {
  return experiments
    .filter(({ experiment }) => [SERVED_BEFORE, NEVER_SERVED].includes(experiment.experiment))
    .flatMap(({ metrics }) => metrics)
    .some(({ metric, control }) => metric.name === FIRST_BYTE.name && control.p50?.conclusive === false);
}

function figuresOf({ experiments }: RunSummary, name: string, subject: string): StartFigures | null {
  const found = experiments.find(({ experiment }) => experiment.experiment === name);
  const phases = found && phasesOf(found);
  const at = phases?.subjects.indexOf(subject) ?? -1;
  if (!phases || at < 0) return null;
  return {
    wholeUs: phases.wholeUs[at]!,
    phasesUs: Object.fromEntries(phases.rows.map(({ phase, us }) => [phase, us[at]!])),
  };
}
