import { styleText } from "node:util";
import { loadWorker } from "../../wrangler-compat/load-worker.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import type { Host, WorkerUpload } from "../index.ts";
import { printError } from "./print-error.ts";
import type { FileWatcher } from "./watch-files.ts";

/** The worker that is being worked on: deployed again when it changed, one time after the other. */
export class LiveWorker {
  readonly #host: Host;
  readonly #path: string;
  #deployed = "";
  #queue: Promise<void> = Promise.resolve();

  constructor(host: Host, path: string) {
    this.#host = host;
    this.#path = path;
  }

  /** Loads the sources again. Never rejects: what is wrong is printed, and the earlier version serves on. */
  reload(watcher: FileWatcher): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      try {
        const { upload, warnings, inputs } = await loadWorker(this.#path);
        watcher.watch(inputs);
        await this.deploy(upload, warnings);
      } catch (error) {
        watcher.watch([]);
        printError(error);
      }
    });
    return this.#queue;
  }

  /** @returns Whether this upload serves now; if not, what is wrong is printed. */
  async deploy(upload: WorkerUpload, warnings: readonly string[]): Promise<boolean> {
    const text = JSON.stringify(upload, (_, value: unknown) =>
      value instanceof Uint8Array ? [...value] : value,
    );
    if (text === this.#deployed) return true;
    for (const warning of warnings)
      process.stderr.write(`${styleText("yellow", "warning", { stream: process.stderr })}: ${warning}\n`);
    const again = this.#deployed !== "";
    this.#deployed = text;
    const started = performance.now();
    try {
      await this.#removeOthers(upload.name);
      // In development every host name leads to the one worker.
      await this.#host.deploy({ ...upload, routes: ["*/*"] });
    } catch (error) {
      if (!(error instanceof SkerryError)) throw error;
      printError(error);
      return false;
    }
    if (again) process.stdout.write(`Reloaded in ${Math.round(performance.now() - started)} ms\n`);
    return true;
  }

  /** Removes what the data folder has from a worker that was named otherwise: it has the routes. */
  async #removeOthers(name: string): Promise<void> {
    for (const worker of (await this.#host.stats()).workers) {
      if (worker.name !== name) await this.#host.delete(worker.name, worker.account);
    }
  }
}
