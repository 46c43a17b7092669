import type { DeathReason } from "../cell/cell.ts";
import type { Outcome } from "../outcome/outcome.ts";
import { workerKey } from "../ids/worker-key.ts";

/** The part that a worker had in the death of its cell. */
export type Part = "culprit" | "suspect" | "bystander";

/** A worker, whatever its version. */
export interface WorkerName {
  readonly account: string;
  readonly worker: string;
}

/** How a blamed worker's event ends for that; the other deaths say nothing of what it did. */
const OUTCOME_OF_REASON: Readonly<Partial<Record<DeathReason, Exclude<Outcome, "ok">>>> = {
  unstoppable: "exceededCpu",
  silent: "exceededCpu",
  memory: "exceededMemory",
};

/** Who did it. Never both: where the culprit is known, nobody else is a suspect. */
export class Verdict {
  readonly #parts = new Map<string, Part>();

  /** Outcome of the event that did it. */
  readonly outcome: Exclude<Outcome, "ok">;

  constructor(part: "culprit" | "suspect", workers: readonly WorkerName[], reason: DeathReason) {
    this.outcome = (part === "culprit" ? OUTCOME_OF_REASON[reason] : undefined) ?? "isolateLost";
    for (const { account, worker } of workers) this.#parts.set(workerKey(account, worker), part);
  }

  partOf({ account, worker }: WorkerName): Part {
    return this.#parts.get(workerKey(account, worker)) ?? "bystander";
  }
}

/** Nobody did it. */
export const NOBODY: Verdict = new Verdict("suspect", [], "killed");
