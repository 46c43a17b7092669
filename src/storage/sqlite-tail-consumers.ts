import type { Database } from "better-sqlite3";
import type { TailConsumerRecord, TailConsumerStore } from "./tail-consumer-store.ts";

/** Tail consumers in the control database; they go with the worker whose events they are told of. */
export class SqliteTailConsumers implements TailConsumerStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  set(account: string, worker: string, consumers: readonly string[]): void {
    this.#db.transaction(() => {
      this.#db.prepare("DELETE FROM tail_consumer WHERE account = ? AND worker = ?").run(account, worker);
      const add = this.#db.prepare("INSERT INTO tail_consumer (account, worker, consumer) VALUES (?, ?, ?)");
      for (const consumer of new Set(consumers)) add.run(account, worker, consumer);
    })();
  }

  of(account: string, worker: string): string[] {
    return this.#db
      .prepare<[string, string], { consumer: string }>(
        "SELECT consumer FROM tail_consumer WHERE account = ? AND worker = ? ORDER BY consumer",
      )
      .all(account, worker)
      .map(({ consumer }) => consumer);
  }

  producersOf(account: string, consumer: string): string[] {
    return this.#db
      .prepare<[string, string], { worker: string }>(
        "SELECT worker FROM tail_consumer WHERE account = ? AND consumer = ? ORDER BY worker",
      )
      .all(account, consumer)
      .map(({ worker }) => worker);
  }

  all(): TailConsumerRecord[] {
    return this.#db
      .prepare<[], TailConsumerRecord>(
        "SELECT account, worker, consumer FROM tail_consumer ORDER BY account, worker, consumer",
      )
      .all();
  }
}
