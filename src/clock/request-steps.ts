import { AsyncLocalStorage } from "node:async_hooks";
import { channel } from "node:diagnostics_channel";

/** The channel of node:diagnostics_channel on which steps are published while somebody listens. */
export const REQUEST_STEPS = "skerry:request-step";

/**
 * Steps of a request, in order; `place`, `code` and `load` only where an isolate is started for it. A request goes along
 * with the start of its isolate: then `isolate` and `sent` come before `load`.
 *
 * - `arrived`: its head has come and was parsed
 * - `read`: the head is checked, and in the host's own form
 * - `routed`: the version that answers is known
 * - `admitted`: it has a place in its account
 * - `place`: a cell was chosen in which there is room for one more isolate
 * - `code`: the version's code, with its code cache, is on its way to the cell
 * - `load`: the version runs in an isolate; its parts are what the cell says it took
 * - `isolate`: the request has an isolate
 * - `sent`: it is on its way to the isolate
 * - `answered`: the head of the answer is there, and the body where it is short
 * - `written`: all of that is with the system
 */
export type StepName =
  | "arrived"
  | "read"
  | "routed"
  | "admitted"
  | "place"
  | "code"
  | "load"
  | "isolate"
  | "sent"
  | "answered"
  | "written";

/** The end of one step of one request. */
export interface RequestStep {
  /** The same number for all steps of a request. */
  readonly request: number;
  readonly step: StepName;
  /** When it ended, by `performance.now()`: it began when the step before it ended. */
  readonly atMs: number;
  /** What it is known to be made of, in ms. */
  readonly partsMs?: Readonly<Record<string, number>>;
}

const steps = channel(REQUEST_STEPS);
const requests = new AsyncLocalStorage<number>();
let last = 0;

/** Runs what answers a request. While somebody listens, steps that end in it are the request's. */
export function stepsOf<T>(run: () => T): T {
  if (!steps.hasSubscribers) return run();
  return requests.run(++last, () => {
    endStep("arrived");
    return run();
  });
}

/** Says that a step of the request whose answer is being made has ended. Costs next to nothing where nobody listens. */
export function endStep(step: StepName, partsMs?: Readonly<Record<string, number>>): void {
  if (!steps.hasSubscribers) return;
  const request = requests.getStore();
  if (request === undefined) return;
  const end: RequestStep = { request, step, atMs: performance.now(), ...(partsMs && { partsMs }) };
  steps.publish(end);
}

/** Keeps whose steps they are for work that is put off. @returns what runs it */
export function keepSteps(): <T>(run: () => T) => T {
  const request = steps.hasSubscribers ? requests.getStore() : undefined;
  return request === undefined ? (run) => run() : (run) => requests.run(request, run);
}
