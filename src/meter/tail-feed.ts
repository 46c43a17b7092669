import type { EventRecord, LogRecord } from "./event-record.ts";
import type { EventSource } from "./event-source.ts";
import { type TailSource, tailSource } from "./tail-source.ts";
import { workerKey } from "../ids/worker-key.ts";

/** One event that is over, with what it logged. */
export interface TailItem {
  readonly event: EventRecord;
  readonly logs: readonly LogRecord[];
  /** What began it. */
  readonly source: TailSource;
}

export type TailListener = (item: TailItem) => void;

/** Lines of one event that are kept for those who watch. */
const MAX_LINES = 256;

/** Hands the events of a worker, with their logs, to those who watch it. Costs nothing where nobody does. */
export class TailFeed {
  readonly #listeners = new Map<string, Set<TailListener>>();
  /** Logs of events under way, by number, of workers that are watched. */
  readonly #logs = new Map<number, LogRecord[]>();

  /** @returns a function that ends it */
  watch(account: string, worker: string, listener: TailListener): () => void {
    const key = workerKey(account, worker);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
      if (this.#listeners.size === 0) this.#logs.clear();
    };
  }

  log(record: LogRecord): void {
    if (this.#listeners.size === 0 || record.eventId === 0) return;
    if (!this.#listeners.has(workerKey(record.account, record.worker))) return;
    const lines = this.#logs.get(record.eventId);
    if (lines === undefined) this.#logs.set(record.eventId, [record]);
    else if (lines.length < MAX_LINES) lines.push(record);
  }

  event(record: EventRecord, from: EventSource): void {
    if (this.#listeners.size === 0) return;
    const logs = this.#logs.get(record.eventId) ?? [];
    this.#logs.delete(record.eventId);
    const listeners = this.#listeners.get(workerKey(record.account, record.worker));
    if (listeners === undefined) return;
    const source = tailSource(from, record.url ?? "");
    for (const listener of [...listeners]) {
      try {
        listener({ event: record, logs, source });
      } catch {
        // Whoever watches fails by himself: it is not the event's failure.
      }
    }
  }
}
