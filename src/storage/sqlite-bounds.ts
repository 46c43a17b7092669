import type { Database } from "better-sqlite3";
import { ControlConflict } from "./control-conflict.ts";
import { type CodeReader, forgetCode } from "./sqlite-code.ts";

/** Versions of a worker that are kept: the newest, and those that a kept deployment names. */
export const MAX_VERSIONS = 100;
/** Deployments of a worker that are kept. */
export const MAX_DEPLOYMENTS = 100;
/** Of one account. */
export const MAX_WORKERS = 10_000;
/** KV namespaces of one account. */
export const MAX_NAMESPACES = 10_000;

/**
 * Forgets deployments that are too old to be kept, and then the versions that nothing names any more.
 * @param codes keeps code in memory, too
 */
export function forgetOld(db: Database, account: string, worker: string, codes: CodeReader): void {
  const of = { account, worker, deployments: MAX_DEPLOYMENTS, versions: MAX_VERSIONS };
  db.prepare(
    `DELETE FROM deployment WHERE account = @account AND worker = @worker AND id < (
       SELECT min(id) FROM (SELECT id FROM deployment WHERE account = @account AND worker = @worker ORDER BY id DESC LIMIT @deployments))`,
  ).run(of);
  db.prepare(
    `DELETE FROM version WHERE account = @account AND worker = @worker
     AND seq < (SELECT min(seq) FROM (SELECT seq FROM version WHERE account = @account AND worker = @worker ORDER BY seq DESC LIMIT @versions))
     AND NOT EXISTS (SELECT 1 FROM deployment_version WHERE deployment_version.version = version.id)`,
  ).run(of);
  forgetCode(db, account, worker);
  codes.forget(account, worker);
}

/**
 * Checks that an account may have one more worker or namespace.
 * @throws {ControlConflict} `TOO_MANY`
 */
export function checkRoom(db: Database, table: "worker" | "kv_namespace", account: string): void {
  const [most, what] = table === "worker" ? [MAX_WORKERS, "workers"] : [MAX_NAMESPACES, "KV namespaces"];
  const { count } = db
    .prepare<[string], { count: number }>(`SELECT count(*) AS count FROM ${table} WHERE account = ?`)
    .get(account)!;
  if (count >= most)
    throw new ControlConflict(
      "TOO_MANY",
      `account "${account}" has ${count} ${what}; at most ${most} are allowed`,
    );
}
