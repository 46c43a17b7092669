import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The entry, in the form in which this file itself runs. */
const ENTRY = fileURLToPath(
  new URL(`../child/prepare${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
);
/** Bundling everything from source, on a machine that has much else to do. */
const WAIT_MS = 120_000;

/**
 * Makes the image that cells start from, in a process of its own: a cell in a sandbox must not write what other
 * cells run.
 *
 * @param folder where it is kept between starts
 * @returns the file's path
 */
export function makePreparedImage(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ["--no-node-snapshot", ENTRY, folder];
    const options = { env: {}, timeout: WAIT_MS, killSignal: "SIGKILL" } as const;
    execFile(process.execPath, args, options, (error, path, errors) => {
      if (error === null && path !== "") resolve(path);
      else
        reject(new Error(`the image of the runtime could not be made: ${errors || (error?.message ?? "")}`));
    });
  });
}
