/** What is kept of a worker that ended cells. */
export interface StrikeRecord {
  readonly account: string;
  readonly worker: string;
  /** When each strike came that may still count, in ms since the epoch. */
  readonly strikesMs: readonly number[];
  /** How often it was paused. */
  readonly pauses: number;
  /** When the last strike came. */
  readonly lastMs: number;
  /** Until when it is paused; 0 if it never was. */
  readonly untilMs: number;
  /** The evidence of the last strike; opaque here. */
  readonly evidenceJson: string;
}

/** Keeps strikes beyond the host's life. They belong to a name, whether or not a worker has it. Synchronous. */
export interface StrikeStore {
  listStrikes(): StrikeRecord[];
  /** Replaces the record of the worker. */
  saveStrikes(record: StrikeRecord): void;
  removeStrikes(account: string, worker: string): void;
}
