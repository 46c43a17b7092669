import { mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { styleText } from "node:util";
import { Command } from "commander";
import { loadWorker } from "../../wrangler-compat/load-worker.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { createHost, type Host, type WorkerUpload } from "../index.ts";
import { EventLog } from "./event-log.ts";
import { cellOption, portOption } from "./options.ts";
import { printError } from "./print-error.ts";
import { untilStopped } from "./until-stopped.ts";
import { FileWatcher } from "./watch-files.ts";

interface DevOptions {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
  readonly cell?: "process" | "in-process";
}

/** `skerry dev`: serves one worker and loads it again whenever its files change. */
export function devCommand(): Command {
  return new Command("dev")
    .description("serve the worker in a folder, and load it again when its files change")
    .argument("[folder]", "folder with a wrangler config or one source file, or such a file", ".")
    .addOption(portOption("-p, --port <port>", "port (default: 8787)"))
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("-d, --data <folder>", "data folder, for KV (default: .skerry in the worker's folder)")
    .addOption(cellOption())
    .addHelpText(
      "after",
      "\nExamples:\n  skerry dev\n  skerry dev ./shop --port 3000\n  skerry dev worker.ts",
    )
    .action(async (folder: string, options: DevOptions) => await dev(folder, options));
}

async function dev(path: string, options: DevOptions): Promise<void> {
  // What is wrong at the start ends the command; what goes wrong later is mended and saved again.
  const first = await loadWorker(path);
  const root = statSync(path).isDirectory() ? resolve(path) : dirname(resolve(path));
  const dataFolder = resolve(options.data ?? join(root, ".skerry"));
  mkdirSync(dataFolder, { recursive: true });
  const log = new EventLog({ names: false, requests: true, out: process.stdout, err: process.stderr });
  // An isolate in this process needs a flag that only the start of the process can set.
  const inProcess = process.execArgv.includes("--no-node-snapshot");
  await using host = await createHost({
    cell: options.cell ?? (inProcess ? "in-process" : "process"),
    dataFolder,
    onEvent: log.event,
    onLog: log.log,
    onCatastrophe: ({ cell, message }) => {
      process.stderr.write(`The worker could not be stopped: ${message}\n`);
      // Its thread spins for ever; a process cell is replaced, but this process can only end.
      if (cell === "in-process") process.exit(1);
    },
  });
  const live = new LiveWorker(host, path);
  await live.deploy(first.upload, first.warnings);
  const { url } = await host.listen({
    port: options.port ?? 8787,
    hostname: options.host ?? "127.0.0.1",
    fallback: () => new Response("The worker could not be loaded; the terminal says why.\n", { status: 503 }),
  });
  process.stdout.write(`${first.upload.name} is ready on ${url}\n`);
  using watcher = new FileWatcher(root, () => void live.reload(watcher));
  watcher.watch(first.inputs);
  await untilStopped();
}

/** The worker that is being worked on: deployed again when it changed, one time after the other. */
class LiveWorker {
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

  async deploy(upload: WorkerUpload, warnings: readonly string[]): Promise<void> {
    const text = JSON.stringify(upload, (_, value: unknown) =>
      value instanceof Uint8Array ? [...value] : value,
    );
    if (text === this.#deployed) return;
    for (const warning of warnings)
      process.stderr.write(`${styleText("yellow", "warning", { stream: process.stderr })}: ${warning}\n`);
    const again = this.#deployed !== "";
    this.#deployed = text;
    const started = performance.now();
    try {
      // In development every host name leads to the one worker.
      await this.#host.deploy({ ...upload, routes: ["*/*"] });
    } catch (error) {
      if (!(error instanceof SkerryError)) throw error;
      printError(error);
      return;
    }
    if (again) process.stdout.write(`Reloaded in ${Math.round(performance.now() - started)} ms\n`);
  }
}
