import type { Hono } from "hono";
import { DEFAULT_ACCOUNT } from "../deployer.ts";
import { ALL_ACCOUNTS, type TokenControl, type TokenInfo } from "../token-control.ts";

/** Stands in the audit for the operator, who has the control API's own token. No token has such an id. */
export const OPERATOR = "operator";

/** Notes what the operator did. @param account the default one where it is left out */
export type NoteOperator = (account: string | undefined, action: string, target: string) => void;

export function operatorNotes(tokens: TokenControl): NoteOperator {
  return (account = DEFAULT_ACCOUNT, action, target) =>
    tokens.note({ token: OPERATOR, account, action, target });
}

/** Notes for each account of a token that it was made or revoked. */
export function noteToken(note: NoteOperator, action: string, token: TokenInfo): void {
  const { id, name, accounts, permissions } = token;
  const concerned = accounts.includes(ALL_ACCOUNTS) ? [ALL_ACCOUNTS] : new Set(accounts);
  for (const account of concerned) note(account, action, `${id} ${name}: ${permissions.join(" ")}`);
}

/** The part of the control API that shows the audit. What a query names and is wrong is refused by its name. */
export function addAuditRoutes(app: Hono, tokens: TokenControl): void {
  app.get("/v1/audit", (context) => {
    const { account, sinceMs, before, limit } = context.req.query();
    const page = tokens.auditPage({
      ...(account !== undefined && { account }),
      ...(sinceMs !== undefined && { sinceMs: numberOf(sinceMs) }),
      ...(before !== undefined && { before: numberOf(before) }),
      ...(limit !== undefined && { limit: numberOf(limit) }),
    });
    return context.json(page);
  });
}

/** Not a number where the text is none. */
function numberOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
