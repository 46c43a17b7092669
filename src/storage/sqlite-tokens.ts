import type { Database } from "better-sqlite3";
import type { Bytes } from "./kv-store.ts";
import { SqliteAudit } from "./sqlite-audit.ts";
import type { AuditNote, AuditPage, AuditQuery, TokenRecord, TokenStore } from "./token-store.ts";

const COLUMNS = `id, name, accounts, permissions, created_ms AS createdAtMs, expires_ms AS expiresAtMs,
  revoked_ms AS revokedAtMs`;

interface TokenRow extends Omit<TokenRecord, "accounts" | "permissions"> {
  readonly accounts: string;
  readonly permissions: string;
}

/** Tokens and their audit in the control database. */
export class SqliteTokens implements TokenStore {
  readonly #db: Database;
  readonly #audit: SqliteAudit;

  constructor(db: Database) {
    this.#db = db;
    this.#audit = new SqliteAudit(db);
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

  note(note: AuditNote): void {
    this.#audit.note(note);
  }

  audit(query: AuditQuery): AuditPage {
    return this.#audit.page(query);
  }

  /** Writes notes that wait. @throws what the database throws */
  close(): void {
    this.#audit.close();
  }
}

function read({ accounts, permissions, ...rest }: TokenRow): TokenRecord {
  return {
    ...rest,
    accounts: JSON.parse(accounts) as string[],
    permissions: JSON.parse(permissions) as string[],
  };
}
