import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { readControlAccess } from "../control/api/control-access.ts";
import { ControlClient } from "../control/api/control-client.ts";
import { type Permission, PERMISSIONS, type TokenInfo } from "../control/token-control.ts";
import { printable } from "./printable.ts";

interface DataOption {
  readonly data: string;
}

interface CreateOptions extends DataOption {
  readonly account: readonly string[];
  readonly permission?: readonly Permission[];
  readonly expires?: number;
}

const DAY_MS = 86_400_000;

/** `skerry token`: keys with which people and machines reach a running host's APIs. */
export function tokenCommand(): Command {
  const command = new Command("token").description(
    "make, list and revoke tokens for wrangler and other clients",
  );
  command
    .command("create")
    .description("make a token and print it, this once only")
    .argument("<name>", "what it is for, shown in lists")
    .addOption(dataOption())
    .requiredOption("-a, --account <account...>", 'accounts that it opens; "*" opens all')
    .addOption(
      new Option("-p, --permission <permission...>", "what it may do (default: all but admin)").choices(
        PERMISSIONS,
      ),
    )
    .option("-e, --expires <days>", "days until it is over (default: never)", days)
    .addHelpText("after", "\nExample:\n  skerry token create laptop --account default")
    .action(async (name: string, options: CreateOptions) => await create(name, options));
  command
    .command("list")
    .description("list the tokens of a host, without their text")
    .addOption(dataOption())
    .action(async ({ data }: DataOption) => {
      for (const token of await clientOf(data).tokens()) process.stdout.write(`${printable(line(token))}\n`);
    });
  command
    .command("revoke")
    .description("end a token at once")
    .argument("<id>", "its id, as the list shows it")
    .addOption(dataOption())
    .action(async (id: string, { data }: DataOption) => {
      await clientOf(data).revokeToken(id);
      process.stdout.write(`Revoked ${id}\n`);
    });
  return command;
}

async function create(name: string, { account, permission, expires, data }: CreateOptions): Promise<void> {
  const client = clientOf(data);
  const { token } = await client.createToken({
    name,
    accounts: account,
    ...(permission !== undefined && { permissions: permission }),
    ...(expires !== undefined && { expiresAtMs: Date.now() + expires * DAY_MS }),
  });
  const [first = "default"] = account;
  process.stdout.write(
    `# For a file .env beside wrangler's config; then: npx wrangler deploy\n` +
      `CLOUDFLARE_API_BASE_URL=${client.cloudflareUrl}\n` +
      `CLOUDFLARE_API_TOKEN=${token}\n` +
      `CLOUDFLARE_ACCOUNT_ID=${first === "*" ? "default" : first}\n`,
  );
}

function clientOf(data: string): ControlClient {
  return new ControlClient(readControlAccess(resolve(data)));
}

function dataOption(): Option {
  return new Option("-d, --data <folder>", "data folder of the running host").default(".skerry");
}

function days(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 36_500) return value;
  throw new InvalidArgumentError("It must be a number of days above 0.");
}

function line({ id, name, accounts, permissions, expiresAtMs, revokedAtMs }: TokenInfo): string {
  const until = expiresAtMs === null ? "" : `, until ${new Date(expiresAtMs).toISOString()}`;
  const state = revokedAtMs === null ? until : ", revoked";
  return `${id}  ${name}: ${permissions.join(" ")} on ${accounts.join(" ")}${state}`;
}
