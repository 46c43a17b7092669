/** A worker's cron trigger. */
export interface CronRecord {
  readonly account: string;
  readonly worker: string;
  readonly cron: string;
}

/** Which workers fire when. Expressions are checked by the layers above. */
export interface CronStore {
  /** Replaces the triggers of a worker, which must be there. */
  set(account: string, worker: string, crons: readonly string[]): void;
  /** Sorted. */
  of(account: string, worker: string): string[];
  all(): CronRecord[];
}
