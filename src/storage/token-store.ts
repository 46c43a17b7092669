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

/** One thing that somebody did, for the operator. */
export interface AuditNote {
  readonly atMs: number;
  /** Id of the token that was used. */
  readonly token: string;
  /** The account that it has to do with; `*` for all. */
  readonly account: string;
  readonly action: string;
  readonly target: string;
}

export interface AuditRecord extends AuditNote {
  /** Name of the token that was used; null where it is none of the store's. */
  readonly tokenName: string | null;
}

/** Which records are looked for. */
export interface AuditQuery {
  /** What has to do with it, or with all accounts. */
  readonly account?: string;
  /** From then on. */
  readonly sinceMs?: number;
  /** Older than the page that had it as its `next`. */
  readonly before?: number;
  readonly limit: number;
}

/** Some records, newest first. */
export interface AuditPage {
  readonly entries: AuditRecord[];
  /** What the next page is asked for with as `before`; null where there are no more. */
  readonly next: number | null;
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
  /** Keeps a record, long texts of which are cut; the oldest ones go, first those of the accounts that have most. */
  note(note: AuditNote): void;
  /** Newest first: at most as many as the query says, fewer where they are large. */
  audit(query: AuditQuery): AuditPage;
}
