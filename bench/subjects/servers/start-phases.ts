import { subscribe } from "node:diagnostics_channel";
import { REQUEST_STEPS, type RequestStep } from "../../../src/clock/request-steps.ts";

/** Requests of which steps are kept at once. */
const MOST_OPEN = 1_000;

/**
 * Makes of the steps of each request for which an isolate was started what its phases took, in microseconds by name:
 * see `PHASES`.
 * @param told Hears of each such request when its answer is written.
 */
export function watchStarts(told: (phasesUs: Readonly<Record<string, number>>) => void): void {
  const open = new Map<number, RequestStep[]>();
  subscribe(REQUEST_STEPS, (published) => {
    const step = published as RequestStep;
    const steps = open.get(step.request);
    if (steps === undefined) {
      if (open.size < MOST_OPEN) open.set(step.request, [step]);
      return;
    }
    steps.push(step);
    if (step.step !== "written") return;
    open.delete(step.request);
    const phases = phasesOf(steps);
    if (phases !== null) told(phases);
  });
}

/** @returns null where no isolate was started. */
export function phasesOf(steps: readonly RequestStep[]): Record<string, number> | null {
  const at = new Map(steps.map((step) => [step.step, step]));
  const load = at.get("load");
  if (load?.partsMs === undefined) return null;
  const took = (from: RequestStep["step"], to: RequestStep["step"]): number =>
    ((at.get(to)?.atMs ?? NaN) - (at.get(from)?.atMs ?? NaN)) * 1_000;
  const { claim = 0, compile = 0, evaluate = 0 } = load.partsMs;
  const inCell = (claim + compile + evaluate) * 1_000;
  return {
    accept: took("arrived", "admitted"),
    place: took("admitted", "place"),
    code: took("place", "code"),
    // What passes between host and cell, and what both check of it.
    "to cell": Math.max(0, took("code", "load") - inCell),
    claim: claim * 1_000,
    compile: compile * 1_000,
    evaluate: evaluate * 1_000,
    "first turn": took("load", "answered"),
    write: took("answered", "written"),
  };
}
