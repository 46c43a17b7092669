import type { Database } from "better-sqlite3";
import type { StrikeRecord } from "./strike-store.ts";

interface StrikeRow extends Omit<StrikeRecord, "strikesMs"> {
  readonly strikes: string;
}

/** All strike records of a control database. */
export function listStrikes(db: Database): StrikeRecord[] {
  return db
    .prepare<[], StrikeRow>(
      `SELECT account, worker, strikes, pauses, last_ms AS lastMs, until_ms AS untilMs, evidence AS evidenceJson
       FROM strike ORDER BY account, worker`,
    )
    .all()
    .map(({ strikes, ...row }) => ({ ...row, strikesMs: JSON.parse(strikes) as number[] }));
}

/** Replaces the strike record of a worker. */
export function saveStrikes(db: Database, record: StrikeRecord): void {
  const { account, worker, strikesMs, pauses, lastMs, untilMs, evidenceJson } = record;
  db.prepare(
    "INSERT OR REPLACE INTO strike (account, worker, strikes, pauses, last_ms, until_ms, evidence) VALUES (?, ?, ?, ?, ?, ?, ?)",
  ).run(account, worker, JSON.stringify(strikesMs), pauses, lastMs, untilMs, evidenceJson);
}

/** Removes the strike record of a worker, if there is one. */
export function removeStrikes(db: Database, account: string, worker: string): void {
  db.prepare("DELETE FROM strike WHERE account = ? AND worker = ?").run(account, worker);
}
