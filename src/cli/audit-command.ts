import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { OPERATOR } from "../control/api/audit-routes.ts";
import { readControlAccess } from "../control/api/control-access.ts";
import { ControlClient } from "../control/api/control-client.ts";
import type { AuditEntry } from "../control/token-control.ts";
import { wholeOption } from "./options.ts";
import { printable } from "./printable.ts";
import { readTime } from "./read-time.ts";

interface AuditOptions {
  readonly data: string;
  readonly account?: string;
  readonly since?: number;
  readonly limit: number;
  readonly json?: boolean;
}

/** `skerry audit`: shows the operator who changed what of a running host, and who opened tails. */
export function auditCommand(): Command {
  return new Command("audit")
    .description("show who changed what of a running host, and who opened tails, newest first")
    .option("-d, --data <folder>", "data folder of the running host", ".skerry")
    .option("-a, --account <account>", "what has to do with this account, or with all")
    .option("-s, --since <time>", "from a time on, such as 2026-05-01T12:00Z, or an age: 90m, 12h, 7d", since)
    .addOption(wholeOption("-l, --limit <count>", "at most so many", 1, 10_000).default(100))
    .option("--json", "a line of JSON for each")
    .addHelpText(
      "after",
      "\nExamples:\n  skerry audit --account acme --since 24h\n  skerry audit --limit 1000 --json | jq .target",
    )
    .action(async (options: AuditOptions) => await audit(options));
}

async function audit({ data, account, since: sinceMs, limit, json }: AuditOptions): Promise<void> {
  const filter = {
    limit,
    ...(account !== undefined && { account }),
    ...(sinceMs !== undefined && { sinceMs }),
  };
  for await (const entry of new ControlClient(readControlAccess(resolve(data))).audit(filter))
    process.stdout.write(`${printable(json === true ? JSON.stringify(entry) : line(entry))}\n`);
}

function line({ atMs, token, tokenName, account, action, target }: AuditEntry): string {
  const who = token === OPERATOR ? "the operator" : `${tokenName ?? "?"} (${token})`;
  return `${new Date(atMs).toISOString()}  ${account}  ${action} ${target}  by ${who}`;
}

function since(text: string): number {
  const atMs = readTime(text, Date.now());
  if (atMs !== null) return atMs;
  throw new InvalidArgumentError(
    "It must be a time that there is, such as 2026-05-01T12:00Z, or an age such as 90m, 12h or 7d.",
  );
}
