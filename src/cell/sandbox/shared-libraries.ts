import { execFile } from "node:child_process";
import { existsSync } from "node:fs";

/** Where libraries are on systems that do not say which ones a program takes. */
const FOLDERS = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"] as const;
const WAIT_MS = 3_000;

/** Files and folders that have to be there for programs to run. */
export interface Libraries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * The shared libraries that programs are linked to, their loader too, as glibc's loader lists them. Where it does
 * not, the folders of all libraries: they are public.
 */
export async function sharedLibraries(programs: readonly string[]): Promise<Libraries> {
  const lists = await Promise.all(programs.map(listed));
  if (lists.some((list) => list.length === 0)) {
    return { files: [], folders: FOLDERS.filter((folder) => existsSync(folder)) };
  }
  return { files: [...new Set(lists.flat())], folders: [] };
}

function listed(program: string): Promise<string[]> {
  return new Promise((resolve) => {
    const env = { LD_TRACE_LOADED_OBJECTS: "1" };
    execFile(program, ["--version"], { env, timeout: WAIT_MS, killSignal: "SIGKILL" }, (error, text) => {
      const paths = [...text.matchAll(/^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)];
      resolve(error === null ? paths.map(([, path]) => path!) : []);
    });
  });
}
