import type { CellKind } from "../cell-kind.ts";

/** Something that a worker does to harm others. */
export interface Attack {
  readonly name: string;
  readonly what: string;
  /** Body of the worker's handler. */
  readonly code: string;
}

/** What came of one attack in one kind of cell. */
export interface Finding {
  readonly name: string;
  readonly cell: CellKind;
  /** Outcome of the event, or how the process that ran all of it ended. */
  readonly outcome: string;
  /** Error that the worker got, where it got one; message of the loss otherwise. */
  readonly message: string;
  /** Time until the event was over, in ms. */
  readonly answerMs: number;
  /** Time until the cell was given up, in ms; -1 if it was not. */
  readonly givenUpMs: number;
  /** Highest resident memory of a process that held isolates, in MB. */
  readonly peakMb: number;
  /** The same just before. */
  readonly beforeMb: number;
  /** How often the cell was given up. */
  readonly catastrophes: number;
}

/** How the attacks of a table are run. */
export interface AttackLimits {
  readonly cpuMs: number;
  readonly memoryMb: number;
  readonly cellMemoryMb: number;
}
