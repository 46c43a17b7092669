import { Command } from "commander";
import { cellOption, wholeOption } from "./options.ts";
import type { BenchOptions } from "./bench.ts";

/** `skerry bench`: how fast one worker starts and answers on this machine. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("measure cold starts and warm requests of the worker in a folder")
    .argument("[folder]", "folder with a wrangler config or one source file, or such a file", ".")
    .option("--path <path>", "path to ask for", "/")
    .addOption(wholeOption("--cold <count>", "cold starts to measure", 1, 100_000).default(50))
    .addOption(wholeOption("--warm <count>", "warm requests to measure", 1, 10_000_000).default(2_000))
    .addOption(wholeOption("--concurrency <count>", "warm requests at once", 1, 1_000).default(16))
    .addOption(cellOption())
    .addHelpText(
      "after",
      "\nExamples:\n  skerry bench ./shop --path /cart\n  skerry bench ./shop --cell process",
    )
    .action(
      async (folder: string, options: BenchOptions) =>
        await (await import("./bench.ts")).bench(folder, options),
    );
}
