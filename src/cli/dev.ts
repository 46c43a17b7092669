import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type LoadedWorker, type LoadOptions, loadWorker } from "../../wrangler-compat/load-worker.ts";
import { createHost, type Host, SkerryError } from "../index.ts";
import { DEFAULT_GRACE_MS } from "../host.ts";
import { oneLine } from "./blame-line.ts";
import { devBanner } from "./dev-banner.ts";
import { makeDevelopmentFolder } from "./development-folder.ts";
import { endHung } from "./end-hung.ts";
import { EventLog } from "./event-log.ts";
import { fireCron } from "./fire-cron.ts";
import { CATCH_ALL, LiveWorker } from "./live-worker.ts";
import { reportInternal } from "./report-internal.ts";
import { reportRejections } from "./report-rejections.ts";
import { untilStopped } from "./until-stopped.ts";
import { FileWatcher } from "./watch-files.ts";

/** What `skerry dev` can be told. */
export interface DevOptions {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
  readonly cell?: "process" | "in-process";
  readonly env?: string;
  readonly var?: Readonly<Record<string, string>>;
  readonly config?: readonly string[];
}

/**
 * Serves workers and loads each again whenever its files change, until it is told to stop. The first answers requests;
 * the others are there for its service bindings.
 */
export async function dev(folders: readonly string[], options: DevOptions): Promise<void> {
  const named = [...folders, ...(options.config ?? [])];
  const paths = named.length === 0 ? ["."] : named;
  const load: LoadOptions = {
    isLocal: true,
    env: options.env ?? process.env["CLOUDFLARE_ENV"],
    vars: options.var,
    onBuildOutput: (text) => process.stdout.write(text),
  };
  // What is wrong at the start ends the command; what goes wrong later is mended and saved again.
  const loaded: LoadedWorker[] = [];
  for (const path of paths) loaded.push(await loadWorker(path, load));
  mustDiffer(loaded);
  const roots = paths.map((path) => (statSync(path).isDirectory() ? resolve(path) : dirname(resolve(path))));
  const dataFolder = makeDevelopmentFolder(roots[0] ?? ".", options.data);
  reportRejections((text) => process.stderr.write(text));
  await using host = await developmentHost(dataFolder, options, paths.length > 1);
  const workers = loaded.map(
    // In development every host name leads to the first worker.
    (first, index) => new LiveWorker(host, paths[index] ?? "", load, first, index === 0 ? [CATCH_ALL] : []),
  );
  const ready: boolean[] = [];
  // Those that others call come first.
  for (const worker of workers.toReversed()) ready.unshift(await worker.deploy(workers));
  const { dev: settings } = loaded[0]!;
  const { url } = await host.listen({
    port: options.port ?? settings.port ?? 8787,
    hostname: options.host ?? settings.hostname ?? "127.0.0.1",
    fallback: () => new Response("The worker could not be loaded; the terminal says why.\n", { status: 503 }),
    paths: {
      "/__scheduled": fireCron(host, workers),
      "/cdn-cgi/handler/scheduled": fireCron(host, workers),
    },
  });
  const names = workers.map(({ name }) => name);
  for (const [index, worker] of workers.entries()) {
    const state = ready[index] === true ? "is ready" : "will be tried again when it changes,";
    const where = index === 0 ? `on ${url}` : "for service bindings";
    const lines = [`${worker.name} ${state} ${where}`, ...devBanner(worker.loaded, url, names)];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  using watchers = new DisposableStack();
  for (const [index, worker] of workers.entries()) {
    const watcher = watchers.use(
      new FileWatcher(roots[index]!, (changed) => void worker.reload(watcher, changed, workers)),
    );
    worker.watch(watcher);
  }
  await untilStopped(DEFAULT_GRACE_MS);
}

async function developmentHost(dataFolder: string, options: DevOptions, names: boolean): Promise<Host> {
  const log = new EventLog({ names, requests: true, out: process.stdout, err: process.stderr });
  // An isolate in this process needs a flag that only the start of the process can set.
  const inProcess = process.execArgv.includes("--no-node-snapshot");
  return await createHost({
    cell: options.cell ?? (inProcess ? "in-process" : "process"),
    dataFolder,
    // Whoever develops a worker is there to see what it does.
    quarantine: false,
    onEvent: log.event,
    onLog: log.log,
    onInternalError: reportInternal,
    onCatastrophe: ({ cell, message }) => {
      process.stderr.write(`The worker could not be stopped: ${oneLine(message)}\n`);
      // Its thread spins for ever; a process cell is replaced, but this process can only end.
      if (cell === "in-process") endHung();
    },
  });
}

function mustDiffer(loaded: readonly LoadedWorker[]): void {
  const names = loaded.map(({ upload }) => upload.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new SkerryError(
      "INVALID_CONFIG",
      `two of the workers are named "${twice}"; give one of them another name`,
    );
}
