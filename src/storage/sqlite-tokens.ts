import type { Database } from "better-sqlite3";
import type { Bytes } from "./kv-store.ts";
import type { AuditRecord, TokenRecord, TokenStore } from "./token-store.ts";

/** Records of changes that are kept; older ones go. */
const AUDIT_ROWS = 100_000;
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

  note({ atMs, token, account, action, target }: AuditRecord): void {
    const { lastInsertRowid } = this.#db
      .prepare("INSERT INTO audit (at_ms, token, account, action, target) VALUES (?, ?, ?, ?, ?)")
      .run(atMs, token, account, action, target);
    this.#db.prepare("DELETE FROM audit WHERE seq <= ?").run(Number(lastInsertRowid) - AUDIT_ROWS);
  }

  audit(limit: number): AuditRecord[] {
    return this.#db
      .prepare<[number], AuditRecord>(
        "SELECT at_ms AS atMs, token, account, action, target FROM audit ORDER BY seq DESC LIMIT ?",
      )
      .all(limit);
  }
}

function read({ accounts, permissions, ...rest }: TokenRow): TokenRecord {
  return {
    ...rest,
    accounts: JSON.parse(accounts) as string[],
    permissions: JSON.parse(permissions) as string[],
  };
}
