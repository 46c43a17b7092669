import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { loadWorker } from "../../wrangler-compat/load-worker.ts";
import { missingLayers, type SandboxMode } from "../cell/sandbox/sandbox-report.ts";
import { loadHostConfig } from "../config/load-host-config.ts";
import { removeControlAccess } from "../control/api/control-access.ts";
import { DEFAULT_GRACE_MS } from "../host.ts";
import type { HttpListener } from "../http/listen-http.ts";
import { createHost, type Host, type HostOptions, type HostStats } from "../index.ts";
import { errorPage } from "../outcome/error-page.ts";
import { startControlServer } from "./control-server.ts";
import { blameLine, catastropheLine, oneLine, quarantineLine } from "./blame-line.ts";
import { deployLoaded } from "./deploy-loaded.ts";
import { endHung } from "./end-hung.ts";
import { EventLog } from "./event-log.ts";
import { exampleFolders } from "./examples.ts";
import { indexPage, workerUrl } from "./index-page.ts";
import { isLoopback } from "./own-machine.ts";
import { printableLines } from "./printable.ts";
import { reportInternal } from "./report-internal.ts";
import { reportRejections } from "./report-rejections.ts";
import { untilStopped } from "./until-stopped.ts";

/** What `skerry serve` can be told. */
export interface ServeOptions {
  readonly config?: string;
  readonly data?: string;
  readonly port?: number;
  readonly host?: string;
  readonly trustedProxy?: readonly string[];
  readonly controlPort?: number;
  readonly controlHost?: string;
  readonly controlUrl?: string;
  readonly workersUrl?: string;
  readonly cell?: "process" | "in-process";
  readonly cells?: number;
  readonly sandbox?: SandboxMode;
  readonly cellMemory?: number;
  /** In percent. */
  readonly autoRollback?: number;
  readonly examples?: boolean;
  readonly quiet?: boolean;
}

/** Runs a host until it is told to stop. @throws SkerryError what cannot be started, and why. */
export async function serve(options: ServeOptions): Promise<void> {
  const config = loadHostConfig(process.cwd(), options.config);
  const dataFolder = resolve(options.data ?? config.host.dataFolder ?? ".skerry");
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const log = new EventLog({
    names: true,
    requests: !options.quiet,
    out: process.stdout,
    err: process.stderr,
  });
  reportRejections((text) => process.stderr.write(text));
  let hung = false;
  const hostOptions: HostOptions = {
    cell: "process",
    ...config.host,
    ...(options.cell && { cell: options.cell }),
    ...(options.sandbox && { sandbox: options.sandbox }),
    ...(options.cells && { cells: options.cells }),
    ...(options.cellMemory && { cellMemoryMb: options.cellMemory }),
    ...(options.autoRollback && {
      autoRollback: { ...config.host.autoRollback, errorRate: options.autoRollback / 100 },
    }),
    dataFolder,
    onEvent: log.event,
    onLog: log.log,
    onInternalError: reportInternal,
    onCatastrophe: (report) => {
      hung ||= report.cell === "in-process";
      process.stderr.write(`[${report.worker ?? "?"}] ${catastropheLine(report)}\n`);
    },
    onBlame: (report) =>
      process.stderr.write(`[${report.worker}] (account ${report.account}) ${blameLine(report)}\n`),
    onRollback: ({ account, worker, message }) =>
      process.stderr.write(`[${worker}] (account ${account}) ${oneLine(message)}\n`),
    onQuarantine: (entry) =>
      process.stderr.write(
        `[${entry.worker}] (account ${entry.account}) ${quarantineLine(entry)}; "skerry quarantine lift" ends it\n`,
      ),
  };
  const host = await createHost(hostOptions);
  const trustedProxies = options.trustedProxy ?? config.trustedProxies;
  const controlHostname = options.controlHost ?? config.controlHostname;
  const workersUrl = options.workersUrl ?? config.workersUrl;
  let control: HttpListener | undefined;
  try {
    if (options.examples) await deployExamples(host);
    const { port, url } = await host.listen({
      port: options.port ?? config.port ?? 8787,
      hostname: options.host ?? config.hostname ?? "127.0.0.1",
      ...(trustedProxies && { trustedProxies }),
      ...(config.maxConnections && { maxConnections: config.maxConnections }),
      ...(config.maxConnectionsPerAddress && {
        maxConnectionsPerAddress: config.maxConnectionsPerAddress,
      }),
      ...(options.examples && { fallback: (request: Request) => answerIndex(host, request) }),
    });
    control = await startControlServer({
      host,
      dataFolder,
      trustedProxies,
      port: options.controlPort ?? config.controlPort,
      hostname: controlHostname,
      url: options.controlUrl ?? config.controlUrl,
      workersPort: port,
      workersUrl,
    });
    if (controlHostname !== undefined && !isLoopback(controlHostname))
      process.stderr.write(
        `The control APIs listen on ${control.url} without TLS: let nobody but a proxy that has it reach them, see docs/hosting.md\n`,
      );
    announceSandbox(host, hostOptions.cell);
    announce(await host.stats(), port, url, { workersUrl, examples: options.examples === true });
    const signal = await untilStopped(DEFAULT_GRACE_MS);
    process.stdout.write(`${signal}: finishing requests; once more to stop at once\n`);
  } finally {
    removeControlAccess(dataFolder);
    await control?.close(0);
    await host.close();
  }
  if (hung) endHung();
}

async function deployExamples(host: Host): Promise<void> {
  for (const folder of exampleFolders()) {
    const loaded = await loadWorker(folder);
    for (const warning of loaded.warnings) process.stderr.write(`${printableLines(warning, "  ")}\n`);
    await deployLoaded(host, loaded, { routes: [`${loaded.upload.name}.localhost/*`] });
  }
}

async function answerIndex(host: Host, request: Request): Promise<Response> {
  const { hostname, pathname, port } = new URL(request.url);
  if (pathname === "/" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname)) {
    const html = indexPage(await host.stats(), port === "" ? 80 : Number(port));
    return new Response(html, {
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
    });
  }
  const accept = request.headers.get("accept") ?? "";
  const page = errorPage(
    404,
    null,
    "No worker here",
    "No worker answers to this host name and path.",
    accept,
  );
  const type = accept.includes("text/html") ? "text/html" : "text/plain";
  return new Response(page.body, {
    status: page.status,
    headers: { "content-type": `${type}; charset=utf-8` },
  });
}

/** Says in a line what does not stand around the cells. */
function announceSandbox({ sandbox }: Host, cell: HostOptions["cell"]): void {
  if (cell === "in-process") return;
  const missing = sandbox === undefined ? undefined : missingLayers(sandbox);
  if (missing === undefined) process.stderr.write("Cells have no sandbox: it is switched off\n");
  else if (missing.length > 0) {
    const names = missing.map(({ name, essential }) => (essential ? `${name} (essential)` : name));
    process.stderr.write(`Not in the sandbox of the cells: ${names.join(", ")}; skerry doctor says why\n`);
  }
}

function announce(
  stats: HostStats,
  port: number,
  url: string,
  { workersUrl, examples }: { readonly workersUrl: string | undefined; readonly examples: boolean },
): void {
  const lines = stats.workers
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(
      (worker) =>
        `  ${worker.name.padEnd(16)} ${workerUrl(worker, port, workersUrl) ?? worker.routes.join(", ")}`,
    );
  if (lines.length > 0) process.stdout.write(`Workers:\n${lines.join("\n")}\n`);
  else process.stdout.write("No workers yet: deploy one with skerry deploy <folder>\n");
  const index = examples ? ` All of them: http://localhost:${port}/` : "";
  process.stdout.write(`Skerry listens on ${url}.${index}\n`);
}
