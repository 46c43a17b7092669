import type { Bytes } from "./kv-store.ts";

/** A key to the control API, as it is kept: its text is known only to whom it was given. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  /** Accounts that it opens; `*` opens all. */
  readonly accounts: readonly string[];
  readonly permissions: readonly string[];
  readonly createdAtMs: number;
  /** null: never. */
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
}

/** One change that somebody made, for the operator. */
export interface AuditRecord {
  readonly atMs: number;
  /** Id of the token that was used. */
  readonly token: string;
  readonly account: string;
  readonly action: string;
  readonly target: string;
}

/** Tokens of the control API, and what was done with them. */
export interface TokenStore {
  /** @param digest SHA-256 of the token's text */
  add(token: Omit<TokenRecord, "revokedAtMs">, digest: Bytes): void;
  /** Newest first, those that are over included. */
  list(): TokenRecord[];
  find(digest: Bytes): TokenRecord | null;
  get(id: string): TokenRecord | null;
  /** @returns Whether there was such a token that was not revoked yet. */
  revoke(id: string, nowMs: number): boolean;
  note(record: AuditRecord): void;
  /** Newest first. */
  audit(limit: number): AuditRecord[];
}
