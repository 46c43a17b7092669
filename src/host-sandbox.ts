import { defaultCellMemoryMb } from "./cell/cell-memory.ts";
import { openSandbox, type Sandbox } from "./cell/sandbox/sandbox.ts";
import { InvalidOptions } from "./config/check-options.ts";
import type { HostOptions } from "./host-options.ts";

/** How many process cells a host has unless it is told. */
export const DEFAULT_PROCESS_CELLS = 2;

/**
 * What stands around the cells of a host with these options; undefined where nothing does.
 *
 * @throws InvalidOptions where a sandbox is required of cells that can have none
 * @throws SandboxUnavailable where the machine has not what is required
 */
export async function openHostSandbox(options: HostOptions): Promise<Sandbox | undefined> {
  const { cell = "in-process", sandbox: mode = "auto", cells = DEFAULT_PROCESS_CELLS } = options;
  if (cell === "in-process" && mode === "require") {
    throw new InvalidOptions([
      `"sandbox" is "require", but "cell" is "in-process": a sandbox stands around processes, so "cell" must be "process"`,
    ]);
  }
  if (!hasProcesses(options) || mode === "off") return undefined;
  return await openSandbox({ mode, memoryMb: options.cellMemoryMb ?? defaultCellMemoryMb(cells) });
}

/** Whether there may be process cells, as far as the options say. */
function hasProcesses({ cell, isolation, accounts = {} }: HostOptions): boolean {
  if (cell === "process" || isolation === "account") return true;
  return Object.values(accounts).some((account) => account.isolation === "account");
}
