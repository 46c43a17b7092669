import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { SkerryError } from "../../src/errors/skerry-error.ts";
import type { CustomBuild } from "../config/readers/read-build.ts";

/** What is kept of a build's output, for the message of one that fails. */
const MOST_CHARS = 8_000;

/** The command of `build` failed; the message has its command, how it ended, and the end of its output. */
export class CustomBuildFailed extends SkerryError {
  constructor(command: string, how: string, output: string) {
    const tail = output.trim();
    super("CUSTOM_BUILD_FAILED", `build.command "${command}" ${how}${tail === "" ? "" : `\n${tail}`}`);
  }
}

/**
 * Runs the command of a config's `build` in a shell, to its end.
 * @param folder The config's folder, which the command's own is relative to.
 * @param onOutput Called with what it prints, as it comes.
 * @throws CustomBuildFailed
 */
export async function runBuild(
  folder: string,
  { command, cwd }: CustomBuild,
  onOutput: (text: string) => void = () => undefined,
): Promise<void> {
  const { promise, resolve: done, reject } = Promise.withResolvers<void>();
  let output = "";
  const child = spawn(command, {
    shell: true,
    cwd: resolve(folder, cwd ?? "."),
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-MOST_CHARS);
      onOutput(text);
    });
  child.on("error", (error) =>
    reject(new CustomBuildFailed(command, `could not start: ${error.message}`, "")),
  );
  child.on("close", (code, signal) => {
    if (code === 0) done();
    else
      reject(
        new CustomBuildFailed(
          command,
          signal === null ? `ended with ${code}` : `was ended by ${signal}`,
          output,
        ),
      );
  });
  await promise;
}
