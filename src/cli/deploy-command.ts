import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { Command } from "commander";
import { workerHost } from "../../wrangler-compat/api/worker-address.ts";
import { putAssets } from "../../wrangler-compat/assets/put-assets.ts";
import { type LoadedWorker, loadWorker } from "../../wrangler-compat/load-worker.ts";
import { DEFAULT_ACCOUNT } from "../control/deployer.ts";
import { readControlAccess } from "../control/api/control-access.ts";
import { ControlClient } from "../control/api/control-client.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { envOption, varOption } from "./options.ts";
import { printableLines } from "./printable.ts";

interface DeployOptions {
  readonly data: string;
  readonly name?: string;
  readonly account?: string;
  readonly route?: readonly string[];
  readonly env?: string;
  readonly var?: Readonly<Record<string, string>>;
  readonly secretsFile?: string;
}

/** `skerry deploy`: bundles a folder's worker and hands it to a running host. */
export function deployCommand(): Command {
  return new Command("deploy")
    .description("bundle the worker in a folder and deploy it to the host that runs on a data folder")
    .argument("[folder]", "folder with a wrangler config or one source file, or such a file", ".")
    .option("-d, --data <folder>", "data folder of the running host", ".skerry")
    .option("-n, --name <name>", "name of the worker (default: from its config, else of its folder)")
    .option("-a, --account <account>", "account that owns the worker")
    .addOption(envOption())
    .addOption(varOption())
    .option("--secrets-file <file>", "secrets to put with it, as NAME=value lines or a JSON object")
    .option(
      "-r, --route <pattern...>",
      "routes that lead to it (default: from its config, else <name>.localhost/*, or the host's own domain; of another account than the default one: <name>.<account>.localhost/*)",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  skerry deploy ./shop\n  skerry deploy ./shop --env staging\n  skerry deploy ./shop --route 'shop.example/*'",
    )
    .action(async (folder: string, options: DeployOptions) => await deploy(folder, options));
}

async function deploy(folder: string, options: DeployOptions): Promise<void> {
  const access = readControlAccess(resolve(options.data));
  const client = new ControlClient(access);
  const { env = process.env["CLOUDFLARE_ENV"], var: vars, account } = options;
  const onBuildOutput = (text: string): void => void process.stdout.write(text);
  const loaded = await loadWorker(folder, { env, vars, onBuildOutput });
  for (const warning of loaded.warnings) process.stderr.write(`${printableLines(warning, "  ")}\n`);
  const name = options.name ?? loaded.upload.name;
  const secrets = readSecretsFile(options.secretsFile);
  await mustHaveSecrets(client, loaded, { name, account, given: Object.keys(secrets) });
  const owner = account ?? loaded.upload.account ?? DEFAULT_ACCOUNT;
  const { workersDomain = "localhost" } = access;
  const routes = options.route ?? routesOf(`${workerHost({ workersDomain }, owner, name)}/*`, loaded);
  if (loaded.assets !== undefined) await putAssets(client.assets, owner, loaded.assets);
  const { versionId } = await client.deploy({
    ...loaded.upload,
    ...(account !== undefined && { account }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
    name,
    routes,
  });
  const where = routes.length === 0 ? "without a route" : `at ${routes.join(", ")}`;
  process.stdout.write(`Deployed ${name}, version ${versionId}, ${where}\n`);
}

/** A worker answers at its own name where its config says so, or says nothing of any place. */
function routesOf(own: string, { upload, workersDev, previewUrls }: LoadedWorker): readonly string[] {
  const configured = upload.routes ?? [];
  return [
    ...configured,
    ...((workersDev ?? configured.length === 0) ? [own] : []),
    ...(previewUrls ? [`{version}-${own}`] : []),
  ];
}

/** @throws SkerryError `BAD_SECRETS_FILE` */
function readSecretsFile(file: string | undefined): Readonly<Record<string, string>> {
  if (file === undefined) return {};
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw badFile(file, "there is no such file that could be read");
  }
  if (!text.trimStart().startsWith("{")) return parseEnv(text) as Record<string, string>;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would show what is in the file.
    throw badFile(file, "is no valid JSON");
  }
  const isTexts = Object.values(Object(value) as object).every((one) => typeof one === "string");
  if (!isTexts) throw badFile(file, "must be an object of names and texts");
  return value as Record<string, string>;
}

function badFile(file: string, why: string): SkerryError {
  return new SkerryError("BAD_SECRETS_FILE", `${file}: ${why}`);
}

/** @throws SkerryError `SECRETS_MISSING` before anything changes. */
async function mustHaveSecrets(
  client: ControlClient,
  { requiredSecrets }: LoadedWorker,
  worker: { readonly name: string; readonly account: string | undefined; readonly given: readonly string[] },
): Promise<void> {
  if (requiredSecrets.length === 0) return;
  const kept = await client.listSecrets(worker.name, worker.account).catch((error: unknown) => {
    if (error instanceof SkerryError && error.code === "NO_SUCH_WORKER") return [] as string[];
    throw error;
  });
  const missing = requiredSecrets.filter((name) => !kept.includes(name) && !worker.given.includes(name));
  if (missing.length > 0)
    throw new SkerryError(
      "SECRETS_MISSING",
      `"secrets.required" names ${missing.join(", ")}, which ${worker.name} does not have; put them with skerry secret put, or --secrets-file`,
    );
}
