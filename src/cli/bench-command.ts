import { Command, Option } from "commander";
import { cellOption, envOption, wholeOption } from "./options.ts";
import type { BenchOptions } from "./bench.ts";

/** `skerry bench`: how fast a worker starts and answers on this machine, and what its cold start is made of. */
export function benchCommand(): Command {
  return new Command("bench")
    .description(
      "measure the worker in a folder: cold starts and what they are made of, warm requests, memory",
    )
    .argument("[folder]", "folder with a wrangler config or one source file, or such a file", ".")
    .option("--path <path>", "path to ask for", "/")
    .addOption(envOption())
    .addOption(wholeOption("--rounds <count>", "fresh hosts to measure in", 1, 1_000).default(4))
    .addOption(wholeOption("--cold <count>", "cold starts in each round", 1, 1_000).default(20))
    .addOption(wholeOption("--load-ms <ms>", "how long each load goes on", 10, 600_000).default(800))
    .addOption(cellOption().default("process"))
    .addOption(
      new Option(
        "--pin <which>",
        "auto (a processor for the client where there are four), off, or the client's",
      ).default("auto"),
    )
    .option(
      "--json <file>",
      "where the samples go (default: .skerry/bench/<time>.jsonl in the worker's folder)",
    )
    .option("--html <file>", "where the page goes (default: beside the samples)")
    .option("--compare <file>", "samples of a run before this one: what became better or worse")
    .option("--trace", "measure nothing: print what each step of a request takes in the host")
    .option("--profile <folder>", "measure nothing: write CPU profiles and heap statistics of the host")
    .addHelpText(
      "after",
      "\nTakes about four minutes; Ctrl-C ends it early, with a report of what was measured." +
        "\nThe worker is measured beside itself, which tells the noise of the machine, and beside" +
        "\nthe smallest worker, which tells the host's own part. Secrets come from .dev.vars or .env." +
        "\n\nExamples:\n  skerry bench ./shop --path /cart\n  skerry bench ./shop --json before.jsonl" +
        "\n  skerry bench ./shop --compare before.jsonl",
    )
    .action(
      async (folder: string, options: BenchOptions) =>
        await (await import("./bench.ts")).bench(folder, options),
    );
}
