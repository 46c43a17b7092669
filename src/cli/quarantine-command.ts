import { resolve } from "node:path";
import { Command } from "commander";
import { readControlAccess } from "../control/api/control-access.ts";
import { ControlClient } from "../control/api/control-client.ts";
import { blameLine, quarantineLine } from "./blame-line.ts";

interface QuarantineOptions {
  readonly data: string;
  readonly account?: string;
}

/** `skerry quarantine`: shows the workers that ended their cells, and lets them run again. */
export function quarantineCommand(): Command {
  const command = new Command("quarantine").description(
    "show the workers that brought down the processes they ran in, and let them run again",
  );
  const dataOption = ["-d, --data <folder>", "data folder of the running host", ".skerry"] as const;
  command
    .command("list", { isDefault: true })
    .description("show who has strikes, who is paused, and why")
    .option(...dataOption)
    .action(async (options: QuarantineOptions) => await list(options));
  command
    .command("lift")
    .description("forget the strikes of a worker, so that it runs again at once")
    .argument("<name>", "name of the worker")
    .option("-a, --account <account>", "account that owns the worker")
    .option(...dataOption)
    .action(async (name: string, options: QuarantineOptions) => await lift(name, options));
  return command.addHelpText(
    "after",
    "\nExamples:\n  skerry quarantine\n  skerry quarantine lift shop --account acme",
  );
}

async function list({ data }: QuarantineOptions): Promise<void> {
  const entries = await new ControlClient(readControlAccess(resolve(data))).quarantine();
  if (entries.length === 0) process.stdout.write("No worker has ended its cell of late.\n");
  for (const entry of entries) {
    const { account, worker, lastStrike } = entry;
    const when = new Date(lastStrike.timeMs).toISOString();
    process.stdout.write(`${account}/${worker}: ${quarantineLine(entry)}\n`);
    process.stdout.write(`  ${when}, version ${lastStrike.versionId}: ${blameLine(lastStrike)}\n`);
  }
}

async function lift(name: string, { data, account }: QuarantineOptions): Promise<void> {
  await new ControlClient(readControlAccess(resolve(data))).liftQuarantine(name, account);
  process.stdout.write(`${name} runs again.\n`);
}
