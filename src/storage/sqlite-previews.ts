import type { Database } from "better-sqlite3";

/** As many digits of a version's id as a preview's host names it by. */
const ID_DIGITS = 8;

/**
 * The version of a worker that a preview's host means: by the first digits of its id, else by its alias, where the
 * newest version that has it counts.
 * @returns its id; null if there is none
 */
export function findPreview(db: Database, account: string, worker: string, label: string): string | null {
  const find = (condition: string): string | undefined =>
    db
      .prepare<[string, string, string], { id: string }>(
        `SELECT id FROM version WHERE account = ? AND worker = ? AND ${condition} ORDER BY seq DESC LIMIT 1`,
      )
      .get(account, worker, label)?.id;
  const byId = label.length === ID_DIGITS ? find(`substr(id, 1, ${ID_DIGITS}) = ?`) : undefined;
  return byId ?? find("json_extract(config, '$.alias') = ?") ?? null;
}
