import { resolve } from "node:path";
import { Command } from "commander";
import { loadWorker } from "../../wrangler-compat/load-worker.ts";
import { readControlAccess } from "../control/api/control-access.ts";
import { ControlClient } from "../control/api/control-client.ts";

interface DeployOptions {
  readonly data: string;
  readonly name?: string;
  readonly account?: string;
  readonly route?: readonly string[];
}

/** `skerry deploy`: bundles a folder's worker and hands it to a running host. */
export function deployCommand(): Command {
  return new Command("deploy")
    .description("bundle the worker in a folder and deploy it to the host that runs on a data folder")
    .argument("<folder>", "folder with a wrangler config or one source file, or such a file")
    .option("-d, --data <folder>", "data folder of the running host", ".skerry")
    .option("-n, --name <name>", "name of the worker (default: from its config, else of its folder)")
    .option("-a, --account <account>", "account that owns the worker")
    .option(
      "-r, --route <pattern...>",
      "routes that lead to it (default: from its config, else <name>.localhost/*)",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  skerry deploy ./shop\n  skerry deploy ./shop --route 'shop.example/*'",
    )
    .action(async (folder: string, options: DeployOptions) => await deploy(folder, options));
}

async function deploy(folder: string, options: DeployOptions): Promise<void> {
  const client = new ControlClient(readControlAccess(resolve(options.data)));
  const { upload, warnings } = await loadWorker(folder);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  const name = options.name ?? upload.name;
  const configured = options.route ?? upload.routes ?? [];
  const routes = configured.length > 0 ? configured : [`${name}.localhost/*`];
  const account = options.account === undefined ? {} : { account: options.account };
  const { versionId } = await client.deploy({ ...upload, ...account, name, routes });
  process.stdout.write(`Deployed ${name}, version ${versionId}, at ${routes.join(", ")}\n`);
}
