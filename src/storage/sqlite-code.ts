import type { Database, Statement } from "better-sqlite3";
import { createHash } from "node:crypto";
import type { Bytes } from "./kv-store.ts";

/**
 * Keeps the code of a version. Versions of one worker with the same code share it: a change of secrets makes a
 * version, and no copy. Workers never share, so that each goes with all it has.
 *
 * @param seq The version's number in the database.
 */
export function keepCode(
  db: Database,
  { account, worker, seq, packed }: { account: string; worker: string; seq: number | bigint; packed: Bytes },
): void {
  const digest = createHash("sha256").update(packed).digest();
  db.prepare(
    "INSERT INTO code (account, worker, digest, packed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
  ).run(account, worker, digest, packed);
  db.prepare(
    "INSERT INTO version_uses (seq, code) SELECT ?, id FROM code WHERE account = ? AND worker = ? AND digest = ?",
  ).run(seq, account, worker, digest);
}

/** Reads code, by a statement that is prepared once: for a small worker preparing takes as long as reading. */
export class CodeReader {
  readonly #statement: Statement<[string], { readonly packed: Bytes }>;

  constructor(db: Database) {
    this.#statement = db.prepare(
      "SELECT c.packed FROM version v JOIN version_uses u USING (seq) JOIN code c ON c.id = u.code WHERE v.id = ?",
    );
  }

  /** @param version Its id. */
  read(version: string): Bytes | null {
    return this.#statement.get(version)?.packed ?? null;
  }
}

/** Forgets the code that no version of a worker uses any more. */
export function forgetCode(db: Database, account: string, worker: string): void {
  db.prepare(
    `DELETE FROM code WHERE account = ? AND worker = ?
     AND NOT EXISTS (SELECT 1 FROM version_uses WHERE version_uses.code = code.id)`,
  ).run(account, worker);
}
