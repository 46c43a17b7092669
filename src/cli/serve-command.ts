import { Command } from "commander";
import {
  cellOption,
  namedOriginOption,
  originOption,
  portOption,
  sandboxOption,
  wholeOption,
} from "./options.ts";
import type { ServeOptions } from "./serve.ts";

/** `skerry serve`: runs a host until it is told to stop. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("run a host: serves all workers of a data folder, and takes new ones from skerry deploy")
    .option("-c, --config <file>", "config file (default: skerry.json, .jsonc or .toml in this folder)")
    .option("-d, --data <folder>", "data folder (default: .skerry)")
    .addOption(portOption("-p, --port <port>", "port of the workers (default: 8787)"))
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .addOption(
      namedOriginOption(
        "--workers-url <url>",
        "where clients reach workers, whose names go before its host (default: http://localhost:<port>)",
      ),
    )
    .addOption(portOption("--control-port <port>", "port of the control APIs (default: 8788, or a free one)"))
    .option("--control-host <address>", "address the control APIs listen on (default: 127.0.0.1)")
    .addOption(
      originOption("--control-url <url>", "where clients reach the control APIs, if a proxy is in front"),
    )
    .option(
      "--trusted-proxy <range...>",
      "proxies, as addresses or CIDR ranges, whose word about clients is taken",
    )
    .addOption(cellOption())
    .addOption(sandboxOption())
    .addOption(wholeOption("--cells <count>", "how many cells", 1, 1_024))
    .addOption(wholeOption("--cell-memory <MB>", "memory of one cell's process", 256, 4_194_304))
    .addOption(
      wholeOption(
        "--auto-rollback <percent>",
        "take a new version back if so much of its first minutes' events fail",
        1,
        100,
      ),
    )
    .option(
      "--examples",
      "deploy the examples first, each at <name>.localhost, and show an index at localhost",
    )
    .option("-q, --quiet", "show no requests that went well")
    .addHelpText(
      "after",
      "\nExamples:\n  skerry serve --port 80 --host 0.0.0.0\n  skerry serve --config production.toml\n  skerry serve --workers-url https://workers.example.com --control-url https://skerry.example.com --trusted-proxy 127.0.0.1",
    )
    .action(async (options: ServeOptions) => await (await import("./serve.ts")).serve(options));
}
