import type { Database } from "better-sqlite3";
import type { Bytes } from "./kv-store.ts";
import type { AuditNote, AuditQuery, AuditRecord, TokenRecord, TokenStore } from "./token-store.ts";

/** Records that are kept, and those of one account: who does much buries nobody else's. */
const AUDIT_ROWS = 200_000;
const AUDIT_ROWS_OF_ACCOUNT = 10_000;
const COLUMNS = `id, name, accounts, permissions, created_ms AS createdAtMs, expires_ms AS expiresAtMs,
  revoked_ms AS revokedAtMs`;

interface TokenRow extends Omit<TokenRecord, "accounts" | "permissions"> {
  readonly accounts: string;
  readonly permissions: string;
}

/** Tokens in the control database. */
export class SqliteTokens implements TokenStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(token: Omit<TokenRecord, "revokedAtMs">, digest: Bytes): void {
    const { id, name, accounts, permissions, createdAtMs, expiresAtMs } = token;
    this.#db
      .prepare(
        "INSERT INTO token (id, digest, name, accounts, permissions, created_ms, expires_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
      )
      .run(id, digest, name, JSON.stringify(accounts), JSON.stringify(permissions), createdAtMs, expiresAtMs);
  }

  list(): TokenRecord[] {
    return this.#db
      .prepare<[], TokenRow>(`SELECT ${COLUMNS} FROM token ORDER BY created_ms DESC, id`)
      .all()
      .map((row) => read(row));
  }

  find(digest: Bytes): TokenRecord | null {
    return this.#where("digest", digest);
  }

  get(id: string): TokenRecord | null {
    return this.#where("id", id);
  }

  #where(column: "digest" | "id", value: Bytes | string): TokenRecord | null {
    const row = this.#db
      .prepare<[Bytes | string], TokenRow>(`SELECT ${COLUMNS} FROM token WHERE ${column} = ?`)
      .get(value);
    return row === undefined ? null : read(row);
  }

  revoke(id: string, nowMs: number): boolean {
    return (
      this.#db.prepare("UPDATE token SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL").run(nowMs, id)
        .changes > 0
    );
  }

  note({ atMs, token, account, action, target }: AuditNote): void {
    this.#db.transaction(() => {
      const row = this.#db
        .prepare<unknown[], { seq: number; number: number }>(
          `INSERT INTO audit (at_ms, token, account, action, target, number)
           VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM audit WHERE account = ?))
           RETURNING seq, number`,
        )
        .get(atMs, token, account, action, target, account)!;
      this.#db
        .prepare("DELETE FROM audit WHERE account = ? AND number <= ?")
        .run(account, row.number - AUDIT_ROWS_OF_ACCOUNT);
      this.#db.prepare("DELETE FROM audit WHERE seq <= ?").run(row.seq - AUDIT_ROWS);
    })();
  }

  audit({ account, sinceMs, limit }: AuditQuery): AuditRecord[] {
    const conditions = [
      ...(account === undefined ? [] : ["a.account IN (@account, '*')"]),
      ...(sinceMs === undefined ? [] : ["a.at_ms >= @sinceMs"]),
    ];
    return this.#db
      .prepare<[object], AuditRecord>(
        `SELECT a.at_ms AS atMs, a.token, t.name AS tokenName, a.account, a.action, a.target
         FROM audit a LEFT JOIN token t ON t.id = a.token
         ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`} ORDER BY a.seq DESC LIMIT @limit`,
      )
      .all({ account, sinceMs, limit });
  }
}

function read({ accounts, permissions, ...rest }: TokenRow): TokenRecord {
  return {
    ...rest,
    accounts: JSON.parse(accounts) as string[],
    permissions: JSON.parse(permissions) as string[],
  };
}
