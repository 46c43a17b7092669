import type { Database } from "better-sqlite3";
import type { CronRecord, CronStore } from "./cron-store.ts";

/** Cron triggers in the control database; they go with their worker. */
export class SqliteCrons implements CronStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  set(account: string, worker: string, crons: readonly string[]): void {
    this.#db.transaction(() => {
      this.#db.prepare("DELETE FROM cron WHERE account = ? AND worker = ?").run(account, worker);
      const add = this.#db.prepare("INSERT INTO cron (account, worker, expression) VALUES (?, ?, ?)");
      for (const cron of new Set(crons)) add.run(account, worker, cron);
    })();
  }

  of(account: string, worker: string): string[] {
    return this.#db
      .prepare<[string, string], { cron: string }>(
        "SELECT expression AS cron FROM cron WHERE account = ? AND worker = ? ORDER BY expression",
      )
      .all(account, worker)
      .map(({ cron }) => cron);
  }

  all(): CronRecord[] {
    return this.#db
      .prepare<[], CronRecord>(
        "SELECT account, worker, expression AS cron FROM cron ORDER BY account, worker",
      )
      .all();
  }
}
