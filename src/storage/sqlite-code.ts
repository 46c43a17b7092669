import type { Database, Statement } from "better-sqlite3";
import { createHash } from "node:crypto";
import { CodeShelf, MOST_KEPT_BYTES } from "./code-shelf.ts";
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

interface Found {
  readonly account: string;
  readonly worker: string;
  readonly packed: Bytes;
}

/**
 * Reads code, by a statement that is prepared once: for a small worker preparing takes as long as reading. What is small
 * is kept, since a start waits for it.
 */
export class CodeReader {
  readonly #statement: Statement<[string, number], Found>;
  readonly #shelf = new CodeShelf();

  constructor(db: Database) {
    this.#statement = db.prepare(
      `SELECT v.account, v.worker, c.packed FROM version v JOIN version_uses u USING (seq) JOIN code c ON c.id = u.code
       WHERE v.id = ? AND v.packed_bytes <= ?`,
    );
  }

  /** @param version Its id. */
  read(version: string): Bytes | null {
    return this.#shelf.get(version) ?? this.#read(version, Number.MAX_SAFE_INTEGER);
  }

  /** Reads it now so that nobody waits for it later, if it is small. Gives false where there is no more room for any. */
  readAhead(version: string): boolean {
    if (this.#shelf.isFull) return false;
    if (!this.#shelf.has(version)) this.#read(version, MOST_KEPT_BYTES);
    return true;
  }

  /** Versions of the worker may be gone. */
  forget(account: string, worker: string): void {
    this.#shelf.forget(account, worker);
  }

  #read(version: string, mostBytes: number): Bytes | null {
    const found = this.#statement.get(version, mostBytes);
    if (found === undefined) return null;
    const { account, worker, packed } = found;
    this.#shelf.put(account, worker, version, packed);
    return packed;
  }
}

/** Forgets the code that no version of a worker uses any more. */
export function forgetCode(db: Database, account: string, worker: string): void {
  db.prepare(
    `DELETE FROM code WHERE account = ? AND worker = ?
     AND NOT EXISTS (SELECT 1 FROM version_uses WHERE version_uses.code = code.id)`,
  ).run(account, worker);
}
