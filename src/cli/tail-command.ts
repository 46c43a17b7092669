import { resolve } from "node:path";
import { Command } from "commander";
import { readControlAccess } from "../control/api/control-access.ts";
import { ControlClient } from "../control/api/control-client.ts";
import { EventLog } from "./event-log.ts";
import { printable } from "./printable.ts";

interface TailOptions {
  readonly data: string;
  readonly account?: string;
  readonly json?: boolean;
}

/** `skerry tail`: shows the requests and logs of a worker as they come. */
export function tailCommand(): Command {
  return new Command("tail")
    .description("show the requests and log of a worker of a running host, until it is stopped")
    .argument("<name>", "name of the worker")
    .option("-d, --data <folder>", "data folder of the running host", ".skerry")
    .option("-a, --account <account>", "account that owns the worker")
    .option("--json", "a line of JSON for each event")
    .action(async (name: string, options: TailOptions) => await tail(name, options));
}

async function tail(name: string, { data, account, json }: TailOptions): Promise<void> {
  const client = new ControlClient(readControlAccess(resolve(data)));
  const log = new EventLog({ names: false, requests: true, out: process.stdout, err: process.stdout });
  for await (const item of client.tail(name, account)) {
    if (json === true) process.stdout.write(`${printable(JSON.stringify(item))}\n`);
    else {
      for (const line of item.logs) log.log(line);
      log.event(item.event);
    }
  }
}
