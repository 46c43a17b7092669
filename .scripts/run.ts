import { spawnSync } from "node:child_process";
import { delimiter, join, resolve } from "node:path";

/** The project's root: scripts are run by npm, which starts them there. */
export const ROOT: string = resolve(import.meta.dirname, "..");

/** Runs a command, its output shown; ends this process with its exit code where it fails. */
export function run(command: string, args: readonly string[], cwd: string = ROOT): void {
  const path = `${join(ROOT, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  if (status === 0) return;
  console.error(`${command} ${args.join(" ")}: ${error?.message ?? `exit code ${status}`}`);
  process.exit(status ?? 1);
}
