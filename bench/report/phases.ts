import type { ExperimentSummary } from "./summary.ts";

/** What one phase takes in each subject that tells of it: medians, in microseconds. */
export interface PhaseRow {
  readonly phase: string;
  readonly meaning: string;
  readonly us: readonly number[];
}

/** What cold starts are made of, one phase after the other in time. */
export interface Phases {
  readonly subjects: readonly string[];
  readonly rows: readonly PhaseRow[];
  /** The median of the whole until the first byte, as the client saw it. */
  readonly wholeUs: readonly number[];
}

const REST = {
  phase: "the rest",
  meaning: "sockets, the client itself, and that medians do not add up",
};

/** Puts the phases of an experiment together; null where no subject tells of any. */
export function phasesOf({ metrics }: ExperimentSummary): Phases | null {
  const phases = metrics.filter(({ metric, figures }) => metric.phase === true && figures.length > 0);
  if (phases.length === 0) return null;
  const subjects = phases[0]!.figures.map(({ subject }) => subject);
  const medians = (name: string): number[] =>
    subjects.map((subject) => {
      const summary = metrics.find(({ metric }) => metric.name === name);
      return summary?.figures.find((one) => one.subject === subject)?.p50.value ?? 0;
    });
  const wholeUs = medians("first byte");
  const known = phases.map(({ metric }) => ({
    phase: metric.name,
    meaning: metric.meaning ?? "",
    us: medians(metric.name),
  }));
  const rest = wholeUs.map((whole, at) =>
    Math.max(0, whole - known.reduce((sum, { us }) => sum + us[at]!, 0)),
  );
  return { subjects, rows: [...known, { ...REST, us: rest }], wholeUs };
}
