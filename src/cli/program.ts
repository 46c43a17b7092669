import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { PACKAGE_ROOT } from "./package-root.ts";
import { printError } from "./print-error.ts";
import { skerryCommands } from "./skerry-commands.ts";

/**
 * Runs the command line. Whatever fails is printed; faults of the user without a stack.
 *
 * @param args What stands after the program's name.
 * @returns the exit code
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = new Command("skerry")
    .description("A self-hosted runtime for edge workers: many tenants in one host, an isolate each.")
    .version(version())
    .showHelpAfterError("(skerry --help, or skerry help <command>, tells more)")
    .exitOverride();
  for (const command of skerryCommands()) {
    // A command made apart does not inherit how errors end.
    program.addCommand(command.exitOverride());
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    printError(error);
    return 1;
  }
}

function version(): string {
  return (JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as { version: string })
    .version;
}
