import { styleText } from "node:util";
import { DEFAULT_ACCOUNT } from "../control/deployer.ts";
import { type LoadedWorker, type LoadOptions, loadWorker } from "../../wrangler-compat/load-worker.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import type { Host } from "../index.ts";
import { deployLoaded } from "./deploy-loaded.ts";
import { folderSnapshot } from "./folder-snapshot.ts";
import { printError } from "./print-error.ts";
import { printableLines } from "./printable.ts";
import { deployStandIns } from "./stand-in.ts";
import type { FileWatcher } from "./watch-files.ts";

/** Where the first worker answers in development: every host name leads to it. */
export const CATCH_ALL = "*/*";

/** A worker that is being worked on: deployed again when it changed, one time after the other. */
export class LiveWorker {
  readonly #host: Host;
  readonly #path: string;
  readonly #options: LoadOptions;
  readonly #routes: readonly string[];
  #loaded: LoadedWorker;
  /** What serves now, as text; undefined if the last deploy failed. */
  #deployed: string | undefined;
  #tried = false;
  #queue: Promise<void> = Promise.resolve();
  /** What the build command's folders were like when it had run: what it wrote there itself calls for no other run. */
  #built: string;
  /** What was printed of the load before, so that it is said once. */
  #said: ReadonlySet<string> = new Set();

  /** @param routes Where it answers, whatever its config says. */
  constructor(
    host: Host,
    path: string,
    options: LoadOptions,
    first: LoadedWorker,
    routes: readonly string[],
  ) {
    this.#host = host;
    this.#path = path;
    this.#options = options;
    this.#loaded = first;
    this.#routes = routes;
    this.#built = folderSnapshot(first.buildDirs);
  }

  /** What was loaded last. */
  get loaded(): LoadedWorker {
    return this.#loaded;
  }

  get name(): string {
    return this.#loaded.upload.name;
  }

  /**
   * Loads the sources again, with the build command if what it reads has changed. Never rejects: what is wrong is
   * printed, and the earlier version serves on.
   * @param others All workers that are being worked on.
   */
  reload(watcher: FileWatcher, changed: ReadonlySet<string>, others: readonly LiveWorker[]): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      const { buildDirs, configFiles } = this.#loaded;
      const skipBuild =
        !configFiles.some((file) => changed.has(file)) && folderSnapshot(buildDirs) === this.#built;
      try {
        this.#loaded = await loadWorker(this.#path, {
          ...this.#options,
          skipBuild,
          onBuilt: (dirs) => (this.#built = folderSnapshot(dirs)),
        });
        this.watch(watcher);
        await this.deploy(others);
      } catch (error) {
        this.watch(watcher);
        printError(error);
      }
    });
    return this.#queue;
  }

  watch(watcher: FileWatcher): void {
    watcher.watch(this.#loaded.inputs, this.#loaded.buildDirs);
  }

  /** @returns Whether what was loaded serves now; if not, what is wrong is printed. */
  async deploy(others: readonly LiveWorker[]): Promise<boolean> {
    const loaded = this.#loaded;
    const { upload, warnings } = loaded;
    this.#say(warnings);
    const text = JSON.stringify(upload, (_, value: unknown) =>
      value instanceof Uint8Array ? [...value] : value,
    );
    if (text === this.#deployed) return true;
    const again = this.#tried;
    this.#tried = true;
    // Unless all goes well, the same content is tried again when it is saved again.
    this.#deployed = undefined;
    const started = performance.now();
    try {
      await this.#removeStrangers(others);
      await deployStandIns(this.#host, upload);
      await deployLoaded(this.#host, loaded, { routes: this.#routes });
      this.#deployed = text;
    } catch (error) {
      if (!(error instanceof SkerryError)) throw error;
      printError(error);
      return false;
    }
    if (again) {
      const which = others.length > 1 ? ` ${upload.name}` : "";
      process.stdout.write(`Reloaded${which} in ${Math.round(performance.now() - started)} ms\n`);
    }
    return true;
  }

  #say(warnings: readonly string[]): void {
    const said = this.#said;
    this.#said = new Set(warnings);
    for (const warning of warnings)
      if (!said.has(warning))
        process.stderr.write(
          `${styleText("yellow", "warning", { stream: process.stderr })}: ${printableLines(warning, "  ")}\n`,
        );
  }

  /** Removes what an earlier `skerry dev`, or an earlier name, left in the way; all other workers are somebody's own. */
  async #removeStrangers(others: readonly LiveWorker[]): Promise<void> {
    const names = new Set(others.map(({ name }) => name));
    for (const { name, account, routes } of (await this.#host.stats()).workers)
      if (account === DEFAULT_ACCOUNT && routes.includes(CATCH_ALL) && !names.has(name))
        await this.#host.delete(name, account);
  }
}
