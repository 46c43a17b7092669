/** The part that a worker had in the death of its cell. */
export type Part = "culprit" | "suspect" | "bystander";

/** A worker, whatever its version. */
export interface WorkerName {
  readonly account: string;
  readonly worker: string;
}

/** Who did it. Never both: where the culprit is known, nobody else is a suspect. */
export class Verdict {
  readonly #parts = new Map<string, Part>();

  constructor(part: "culprit" | "suspect", workers: readonly WorkerName[]) {
    for (const worker of workers) this.#parts.set(keyOf(worker), part);
  }

  partOf(worker: WorkerName): Part {
    return this.#parts.get(keyOf(worker)) ?? "bystander";
  }
}

/** Nobody did it. */
export const NOBODY: Verdict = new Verdict("suspect", []);

function keyOf({ account, worker }: WorkerName): string {
  return `${account}\n${worker}`;
}
