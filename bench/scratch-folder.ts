import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for a while. */
export interface ScratchFolder extends AsyncDisposable {
  readonly path: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const open = new Set<string>();

/** Makes a folder that is gone when it is disposed of, and also where the run is ended by Ctrl-C. @param name What for. */
export async function scratchFolder(name: string): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), `skerry-${name}-`));
  if (open.size === 0) for (const signal of SIGNALS) process.on(signal, endRun);
  open.add(path);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await rm(path, { recursive: true, force: true });
      open.delete(path);
      if (open.size === 0) for (const signal of SIGNALS) process.off(signal, endRun);
    },
  };
}

function endRun(signal: (typeof SIGNALS)[number]): void {
  // A server that is still there may write once more.
  for (const path of open) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  process.exit(128 + constants.signals[signal]);
}
