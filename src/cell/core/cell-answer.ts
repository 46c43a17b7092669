import type { Flat } from "../../../runtime-api/contract/flat.ts";

/** The cell's own answer to a call: `ok` and the values of the reply, and the CPU that the event is charged. */
export interface CellAnswer {
  readonly ok: boolean;
  readonly values: readonly Flat[];
  readonly cpuUs: number;
}

/** An answer that is not ok: the name of an error class or DOMException, and its message. */
export function refusal(name: string, message: string, cpuUs = 0): CellAnswer {
  return { ok: false, values: [name, message], cpuUs };
}
