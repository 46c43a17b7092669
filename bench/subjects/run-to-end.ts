import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a program until it ends, or until the signal ends it. @throws Error with what it wrote where it fails. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  signal?: AbortSignal,
): Promise<void> {
  await promisify(execFile)(command, args, { env: { ...process.env, ...env }, signal });
}
