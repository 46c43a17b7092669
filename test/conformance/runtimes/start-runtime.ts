import type { RuntimeName } from "../options.ts";
import { CommandRuntime } from "./command.ts";
import type { ConformanceRuntime } from "./runtime.ts";
import { SkerryRuntime } from "./skerry.ts";
import { WorkerdRuntime } from "./workerd.ts";

/** Starts the runtime of this name for so many units at once. */
export async function startRuntime(name: RuntimeName, jobs: number): Promise<ConformanceRuntime> {
  switch (name) {
    case "skerry":
      return await SkerryRuntime.start(jobs);
    case "node":
      return new CommandRuntime("node", [process.execPath]);
    case "deno":
      return new CommandRuntime("deno", ["deno", "run", "--allow-all", "--quiet"]);
    case "workerd":
      return new WorkerdRuntime();
  }
}
