/** A worker and one that is told of its events. */
export interface TailConsumerRecord {
  readonly account: string;
  readonly worker: string;
  readonly consumer: string;
}

/** Which workers are told of the events of which others. */
export interface TailConsumerStore {
  /** Replaces the consumers of a worker, which must be there. */
  set(account: string, worker: string, consumers: readonly string[]): void;
  /** Sorted. */
  of(account: string, worker: string): string[];
  /** Workers whose events a worker is told of, sorted. */
  producersOf(account: string, consumer: string): string[];
  all(): TailConsumerRecord[];
}
