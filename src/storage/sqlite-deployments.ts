import type { Database } from "better-sqlite3";
import type { ControlNote, DeploymentRecord, VersionShare } from "./control-store.ts";

/** Says which versions take a worker's traffic from now on, in a transaction of the caller. */
export function addDeployment(
  db: Database,
  account: string,
  worker: string,
  versions: readonly VersionShare[],
  nowMs: number,
  note: ControlNote,
): void {
  const { lastInsertRowid } = db
    .prepare("INSERT INTO deployment (account, worker, created_ms, note) VALUES (?, ?, ?, ?)")
    .run(account, worker, nowMs, JSON.stringify(note));
  const add = db.prepare("INSERT INTO deployment_version (deployment, version, percent) VALUES (?, ?, ?)");
  for (const { versionId, percent } of versions) add.run(lastInsertRowid, versionId, percent);
}

/** Newest first. */
export function listDeployments(db: Database, account: string, worker: string): DeploymentRecord[] {
  const rows = db
    .prepare<[string, string], { id: number; createdAtMs: number; noteJson: string } & VersionShare>(
      `SELECT d.id, d.created_ms AS createdAtMs, d.note AS noteJson, dv.version AS versionId, dv.percent
       FROM deployment d JOIN deployment_version dv ON dv.deployment = d.id
       WHERE d.account = ? AND d.worker = ? ORDER BY d.id DESC, dv.percent DESC, dv.version`,
    )
    .all(account, worker);
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, shares]) => ({
    id,
    createdAtMs: shares[0]?.createdAtMs ?? 0,
    note: JSON.parse(shares[0]?.noteJson ?? "{}") as ControlNote,
    versions: shares.map(({ versionId, percent }) => ({ versionId, percent })),
  }));
}
