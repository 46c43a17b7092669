import type { Database } from "better-sqlite3";

/**
 * Numbers of namespaces that were deleted, until their files are sure to be gone: the host may end, or the disk fail,
 * between the one and the other, and a worker that runs may write to a namespace that was deleted under it.
 */
export class SqliteDropped {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** In the transaction that deletes the namespace. */
  add(ns: number): void {
    this.#db.prepare("INSERT INTO kv_dropped (ns) VALUES (?)").run(ns);
  }

  list(): number[] {
    return this.#db.prepare<[], number>("SELECT ns FROM kv_dropped ORDER BY ns").pluck().all();
  }

  /** Nothing is left of these, and nobody can write to them. */
  forget(namespaces: readonly number[]): void {
    const remove = this.#db.prepare("DELETE FROM kv_dropped WHERE ns = ?");
    this.#db
      .transaction(() => {
        for (const ns of namespaces) remove.run(ns);
      })
      .immediate();
  }
}
