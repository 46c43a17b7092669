import { resolve } from "node:path";
import { Command, Option } from "commander";
import { readControlAccess } from "../control/api/control-access.ts";
import { ControlClient } from "../control/api/control-client.ts";
import { MAX_SECRET_BYTES } from "../control/check-secrets.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { printable } from "./printable.ts";

interface SecretOptions {
  readonly data: string;
  readonly worker: string;
  readonly account?: string;
}

/** `skerry secret`: values on a worker's `env` that are kept encrypted. */
export function secretCommand(): Command {
  const command = new Command("secret").description(
    "put, list and delete secrets of workers of a running host",
  );
  withWorker(command.command("put"))
    .description(
      "give a worker a secret; its value is read from standard input, up to a line break at its end",
    )
    .argument("<name>", "its name on env")
    .addHelpText(
      "after",
      "\nExamples:\n  skerry secret put API_KEY --worker shop < key.txt\n  pass show api-key | skerry secret put API_KEY --worker shop",
    )
    .action(async (name: string, { data, worker, account }: SecretOptions) => {
      const value = await readValue();
      await clientOf(data).putSecret(worker, name, value, account);
      process.stdout.write(`${worker} has the secret ${name} now\n`);
    });
  withWorker(command.command("list"))
    .description("list the names of a worker's secrets")
    .action(async ({ data, worker, account }: SecretOptions) => {
      for (const name of await clientOf(data).listSecrets(worker, account))
        process.stdout.write(`${printable(name)}\n`);
    });
  withWorker(command.command("delete"))
    .description("take a secret from a worker")
    .argument("<name>", "its name on env")
    .action(async (name: string, { data, worker, account }: SecretOptions) => {
      await clientOf(data).deleteSecret(worker, name, account);
      process.stdout.write(`${worker} has no secret ${name} any more\n`);
    });
  command
    .command("rotate")
    .description("encrypt the secrets of all workers anew, with a new key")
    .addOption(dataOption())
    .action(async ({ data }: SecretOptions) => {
      const { keyId, count } = await clientOf(data).rotateSecrets();
      process.stdout.write(`Encrypted ${count} values with the key ${keyId}\n`);
    });
  return command;
}

function withWorker(command: Command): Command {
  return command
    .addOption(dataOption())
    .requiredOption("-w, --worker <worker>", "name of the worker")
    .option("-a, --account <account>", "account that owns the worker");
}

function dataOption(): Option {
  return new Option("-d, --data <folder>", "data folder of the running host").default(".skerry");
}

function clientOf(data: string): ControlClient {
  return new ControlClient(readControlAccess(resolve(data)));
}

/** A value never stands among arguments: everybody on the machine can read those. */
async function readValue(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("Type the value, then Ctrl-D on a line of its own:\n");
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > MAX_SECRET_BYTES + 2)
      throw new SkerryError("INVALID_UPLOAD", `a secret may have at most ${MAX_SECRET_BYTES} bytes`);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
