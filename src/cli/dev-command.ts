import { Command } from "commander";
import { cellOption, portOption } from "./options.ts";
import type { DevOptions } from "./dev.ts";

/** `skerry dev`: serves one worker and loads it again whenever its files change. */
export function devCommand(): Command {
  return new Command("dev")
    .description("serve the worker in a folder, and load it again when its files change")
    .argument("[folder]", "folder with a wrangler config or one source file, or such a file", ".")
    .addOption(portOption("-p, --port <port>", "port (default: 8787)"))
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("-d, --data <folder>", "data folder, for KV (default: .skerry in the worker's folder)")
    .addOption(cellOption())
    .addHelpText(
      "after",
      "\nExamples:\n  skerry dev\n  skerry dev ./shop --port 3000\n  skerry dev worker.ts",
    )
    .action(
      async (folder: string, options: DevOptions) => await (await import("./dev.ts")).dev(folder, options),
    );
}
