import { Command } from "commander";
import type { DoctorOptions } from "./doctor/doctor.ts";
import { portOption, sandboxOption } from "./options.ts";

/** `skerry doctor`: says what a machine has of what a host needs, and what stands around its cells. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check this machine: what a host needs of it, and what stands around its cells")
    .option("-c, --config <file>", "config file (default: skerry.json, .jsonc or .toml in this folder)")
    .option("-d, --data <folder>", "data folder (default: .skerry)")
    .addOption(portOption("-p, --port <port>", "port of the workers (default: 8787)"))
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .addOption(sandboxOption())
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExits with 1 if skerry serve, told the same, would not start.\n\nExamples:\n  skerry doctor\n  skerry doctor --config production.toml --json",
    )
    .action(async (options: DoctorOptions) => await (await import("./doctor/doctor.ts")).doctor(options));
}
