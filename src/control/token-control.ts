import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../clock/clock.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { isLabel } from "../ids/label.ts";
import { newId } from "../ids/new-id.ts";
import { type AuditFilter, auditQuery } from "./audit-filter.ts";
import type { AuditNote, AuditPage, AuditRecord, TokenRecord, TokenStore } from "../storage/token-store.ts";
import { show } from "./show-value.ts";

/** What a token may do; `admin` includes all the others. */
export const PERMISSIONS = ["read", "deploy", "tail", "secrets", "admin"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Stands for every account. */
export const ALL_ACCOUNTS = "*";
const PREFIX = "skerry_";
/** Entries of a list that are looked at. */
const MOST_ENTRIES = 1_000;

/** A token's scope; its text is not in it. */
export interface TokenInfo extends Omit<TokenRecord, "permissions"> {
  readonly permissions: readonly Permission[];
}

export interface TokenRequest {
  /** What it is for; shown in lists. */
  readonly name: string;
  /** Accounts that it opens; `*` for all. */
  readonly accounts: readonly string[];
  /** @default all but admin */
  readonly permissions?: readonly Permission[];
  /** @default never */
  readonly expiresAtMs?: number;
}

/** One thing that was done with a token, or by the operator. */
export type AuditEntry = AuditRecord;
export type { AuditPage } from "../storage/token-store.ts";

/** Keys to the APIs of a host. Only a digest of each is kept. */
export interface TokenControl {
  /**
   * Makes a token.
   * @returns its text, which is shown this once only
   * @throws SkerryError `INVALID_TOKEN_REQUEST` naming the field, its value and what would be right.
   */
  create(request: TokenRequest): { readonly token: string; readonly info: TokenInfo };
  /** Newest first. */
  list(): TokenInfo[];
  /** @returns Whether there was such a token in force. */
  revoke(id: string): boolean;
  /** What a token may do; null if there is none like it, or it is over. */
  verify(token: string): TokenInfo | null;
  /** The same by its id, for who has verified it before. */
  inForce(id: string): TokenInfo | null;
  /**
   * Notes what was done, for the operator. Of a target 1 KiB is kept. The newest 10,000 notes of an account are kept, and
   * 200,000 of all: where there are more, the accounts that have most lose their oldest. Notes are written together: one
   * is on the disk 0.2 s after it was made.
   */
  note(entry: Omit<AuditNote, "atMs">): void;
  /**
   * What was done, newest first, as many as the filter says.
   * @throws SkerryError `INVALID_AUDIT_FILTER` naming the field, its value and what would be right.
   * @example
   * control.tokens.audit({ account: "acme", sinceMs: Date.now() - 3_600_000 });
   */
  audit(filter?: AuditFilter): AuditEntry[];
  /**
   * The same in pages, which end at 1 MiB of JSON at the latest.
   * @throws SkerryError `INVALID_AUDIT_FILTER` as `audit` does.
   */
  auditPage(filter?: AuditFilter): AuditPage;
}

export function createTokenControl(store: TokenStore, clock: Clock): TokenControl {
  const unlessOver = (record: TokenRecord | null): TokenInfo | null => {
    if (record === null || record.revokedAtMs !== null) return null;
    return record.expiresAtMs !== null && record.expiresAtMs <= clock.now() ? null : info(record);
  };
  return {
    create(request) {
      check(request, clock.now());
      const { name, accounts, permissions, expiresAtMs = null } = request;
      const token = PREFIX + randomBytes(32).toString("base64url");
      const record = {
        id: newId("tok"),
        name,
        accounts,
        permissions: permissions ?? PERMISSIONS.filter((permission) => permission !== "admin"),
        createdAtMs: clock.now(),
        expiresAtMs,
      };
      store.add(record, digest(token));
      return { token, info: { ...record, revokedAtMs: null } };
    },
    list: () => store.list().map((record) => info(record)),
    revoke: (id) => store.revoke(id, clock.now()),
    // By digest: how long the search takes says nothing about a token's text.
    verify: (token) => unlessOver(store.find(digest(token))),
    inForce: (id) => unlessOver(store.get(id)),
    note: (entry) => store.note({ atMs: clock.now(), ...entry }),
    audit(filter) {
      const { before: from, ...query } = auditQuery(filter);
      const entries: AuditEntry[] = [];
      let before: number | null | undefined = from;
      while (before !== null && entries.length < query.limit) {
        const limit = query.limit - entries.length;
        const page = store.audit({ ...query, limit, ...(before !== undefined && { before }) });
        entries.push(...page.entries);
        before = page.next;
      }
      return entries;
    },
    auditPage: (filter) => store.audit(auditQuery(filter)),
  };
}

/** Whether a token opens an account for something. */
export function allows(
  { accounts, permissions }: TokenInfo,
  account: string,
  permission: Permission,
): boolean {
  if (!accounts.includes(ALL_ACCOUNTS) && !accounts.includes(account)) return false;
  return permissions.includes("admin") || permissions.includes(permission);
}

function info(record: TokenRecord): TokenInfo {
  return { ...record, permissions: record.permissions as Permission[] };
}

function digest(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

function check({ name, accounts, permissions, expiresAtMs }: TokenRequest, nowMs: number): void {
  const problems: string[] = [];
  if (typeof name !== "string" || name === "" || name.length > 100)
    problems.push(`name is ${show(name)}; it must be a text of 1 to 100 characters`);
  if (!isList(accounts) || accounts.length === 0)
    problems.push(`accounts is ${show(accounts)}; it must be a list of 1 to ${MOST_ENTRIES} accounts`);
  else {
    const wrong = accounts.find((account) => account !== ALL_ACCOUNTS && !isLabel(account));
    if (wrong !== undefined)
      problems.push(`accounts has ${show(wrong)}; it must be an account's name, or "*" for all`);
  }
  if (permissions !== undefined) {
    const known = `one of ${PERMISSIONS.join(", ")}`;
    if (!isList(permissions))
      problems.push(`permissions is ${show(permissions)}; it must be a list, each ${known}`);
    else {
      const wrong = permissions.find((permission) => !PERMISSIONS.includes(permission as Permission));
      if (wrong !== undefined) problems.push(`permissions has ${show(wrong)}; it must be ${known}`);
    }
  }
  if (expiresAtMs !== undefined && !(Number.isSafeInteger(expiresAtMs) && expiresAtMs > nowMs))
    problems.push(`expiresAtMs is ${show(expiresAtMs)}; it must be a time to come, in ms since the epoch`);
  if (problems.length > 0) throw new SkerryError("INVALID_TOKEN_REQUEST", problems.join("; "));
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= MOST_ENTRIES;
}
