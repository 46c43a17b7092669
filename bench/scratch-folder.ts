import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onRunEnd } from "./run-end.ts";

/** A folder for a while. */
export interface ScratchFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder that is gone when it is disposed of, and also where the run is ended by a signal. @param name What for. */
export async function scratchFolder(name: string): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), `skerry-${name}-`));
  // A server that is still there may write once more.
  const end = onRunEnd(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await rm(path, { recursive: true, force: true });
      end[Symbol.dispose]();
    },
  };
}
