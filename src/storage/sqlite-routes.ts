import type { Database } from "better-sqlite3";
import { RouteTaken } from "./route-taken.ts";

/** Patterns of a worker, sorted. */
export function listRoutes(db: Database, account: string, worker: string): string[] {
  return db
    .prepare<[string, string], { pattern: string }>(
      "SELECT pattern FROM route WHERE account = ? AND worker = ? ORDER BY pattern",
    )
    .all(account, worker)
    .map(({ pattern }) => pattern);
}

/**
 * Replaces the patterns of a worker, in a transaction of the caller.
 * @throws {RouteTaken} if a pattern belongs to another worker.
 */
export function replaceRoutes(
  db: Database,
  account: string,
  worker: string,
  routes: readonly string[],
): void {
  db.prepare("DELETE FROM route WHERE account = ? AND worker = ?").run(account, worker);
  const find = db.prepare<[string], { account: string; worker: string }>(
    "SELECT account, worker FROM route WHERE pattern = ?",
  );
  const add = db.prepare("INSERT INTO route (pattern, account, worker) VALUES (?, ?, ?)");
  for (const pattern of new Set(routes)) {
    const owner = find.get(pattern);
    if (owner !== undefined) throw new RouteTaken(pattern, owner, account);
    add.run(pattern, account, worker);
  }
}
