import { SkerryError } from "../errors/skerry-error.ts";
import { isLabel } from "../ids/label.ts";
import type { AuditQuery } from "../storage/token-store.ts";
import { show } from "./show-value.ts";

const DEFAULT_ENTRIES = 100;
const MOST_ENTRIES = 10_000;

/** Which notes of the audit are wanted. */
export interface AuditFilter {
  /** What has to do with it, or with all accounts. @default any */
  readonly account?: string;
  /** From then on, in ms since the epoch. @default any time */
  readonly sinceMs?: number;
  /** Older than the page that had it as its `next`. @default the newest */
  readonly before?: number;
  /** At most so many, 1 to 10,000. @default 100 */
  readonly limit?: number;
}

/** @throws SkerryError `INVALID_AUDIT_FILTER` naming all that is wrong */
export function auditQuery(filter: AuditFilter = {}): AuditQuery {
  const { account, sinceMs, before, limit = DEFAULT_ENTRIES } = filter;
  const problems: string[] = [];
  if (account !== undefined && !isLabel(account))
    problems.push(`account is ${show(account)}; it must be an account's name`);
  if (sinceMs !== undefined && !(Number.isSafeInteger(sinceMs) && sinceMs >= 0))
    problems.push(`sinceMs is ${show(sinceMs)}; it must be a time in ms since the epoch`);
  if (before !== undefined && !(Number.isSafeInteger(before) && before >= 1))
    problems.push(`before is ${show(before)}; it must be what a page had as its next`);
  if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= MOST_ENTRIES))
    problems.push(`limit is ${show(limit)}; it must be a whole number from 1 to ${MOST_ENTRIES}`);
  if (problems.length > 0) throw new SkerryError("INVALID_AUDIT_FILTER", problems.join("; "));
  return {
    limit,
    ...(account !== undefined && { account }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(before !== undefined && { before }),
  };
}
