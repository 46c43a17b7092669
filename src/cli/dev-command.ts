import { Command } from "commander";
import { cellOption, envOption, portOption, varOption } from "./options.ts";
import type { DevOptions } from "./dev.ts";

/** `skerry dev`: serves workers and loads each again whenever its files change. */
export function devCommand(): Command {
  return new Command("dev")
    .description("serve the worker in a folder, and load it again when its files change")
    .argument(
      "[folders...]",
      "folder with a wrangler config or one source file, or such a file (default: .); further ones are there for service bindings",
    )
    .option("-c, --config <file...>", "wrangler configs, as the folders are")
    .addOption(envOption())
    .addOption(varOption())
    .addOption(portOption("-p, --port <port>", "port (default: the config's, else 8787)"))
    .option("--host <address>", "address to listen on (default: the config's, else 127.0.0.1)")
    .option("-d, --data <folder>", "data folder (default: .skerry/dev in the worker's folder)")
    .addOption(cellOption())
    .addHelpText(
      "after",
      "\nSecrets come from .dev.vars or .env. Cron handlers are fired by /cdn-cgi/handler/scheduled?cron=…" +
        "\n\nExamples:\n  skerry dev\n  skerry dev ./shop --port 3000\n  skerry dev worker.ts" +
        "\n  skerry dev --env staging --var MODE:try\n  skerry dev ./shop ./auth",
    )
    .action(
      async (folders: readonly string[], options: DevOptions) =>
        await (await import("./dev.ts")).dev(folders, options),
    );
}
