import { mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { loadWorker } from "../../wrangler-compat/load-worker.ts";
import { createHost } from "../index.ts";
import { DEFAULT_GRACE_MS } from "../host.ts";
import { endHung } from "./end-hung.ts";
import { EventLog } from "./event-log.ts";
import { LiveWorker } from "./live-worker.ts";
import { untilStopped } from "./until-stopped.ts";
import { FileWatcher } from "./watch-files.ts";

/** What `skerry dev` can be told. */
export interface DevOptions {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
  readonly cell?: "process" | "in-process";
}

/** Serves one worker and loads it again whenever its files change, until it is told to stop. */
export async function dev(path: string, options: DevOptions): Promise<void> {
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
    // Whoever develops a worker is there to see what it does.
    quarantine: false,
    onEvent: log.event,
    onLog: log.log,
    onCatastrophe: ({ cell, message }) => {
      process.stderr.write(`The worker could not be stopped: ${message}\n`);
      // Its thread spins for ever; a process cell is replaced, but this process can only end.
      if (cell === "in-process") endHung();
    },
  });
  const live = new LiveWorker(host, path);
  const ready = await live.deploy(first.upload, first.warnings);
  const { url } = await host.listen({
    port: options.port ?? 8787,
    hostname: options.host ?? "127.0.0.1",
    fallback: () => new Response("The worker could not be loaded; the terminal says why.\n", { status: 503 }),
  });
  process.stdout.write(
    `${first.upload.name} ${ready ? "is ready" : "will be tried again when it changes,"} on ${url}\n`,
  );
  using watcher = new FileWatcher(root, () => void live.reload(watcher));
  watcher.watch(first.inputs);
  await untilStopped(DEFAULT_GRACE_MS);
}
