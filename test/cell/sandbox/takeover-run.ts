import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { type Launch, plainLaunch } from "../../../src/cell/sandbox/launch.ts";
import type { SandboxLayer } from "../../../src/cell/sandbox/sandbox-report.ts";
import { openSandbox } from "../../../src/cell/sandbox/sandbox.ts";
import { REACHABLE, type Findings, TAKEOVER_SCRIPT, type Targets } from "./takeover-script.ts";

/** What this prints. */
export interface TakeoverResult {
  readonly layers: readonly SandboxLayer[];
  /** With Node's permission model in force. */
  readonly js: Findings;
  /** Without, as for native code. */
  readonly native: Findings;
  /** Without any sandbox: attempts that must be able to succeed. */
  readonly free: Findings;
  /** What arrived at sockets of the host from inside. */
  readonly reached: readonly string[];
}

/**
 * Opens the sandbox as the user that runs this, starts in it a process that was taken over, and prints the report
 * and what that process could do: with Node's permission model, and without, as native code would.
 */
const folder = mkdtempSync(join(tmpdir(), "skerry-takeover-"));
try {
  const sandbox = await openSandbox({ mode: "auto", folder, memoryMb: 512 });
  const secretFile = join(folder, "data", "secret");
  mkdirSync(join(folder, "data"));
  writeFileSync(secretFile, "secret of a tenant");
  const openFolder = join(folder, "open");
  mkdirSync(openFolder);
  for (const path of [folder, openFolder]) chmodSync(path, 0o777);

  const reached: string[] = [];
  const listen = async (where: string | number): Promise<Server> => {
    const server = createServer((socket) => {
      reached.push(`a connection to ${where}`);
      socket.on("error", () => {}).destroy();
    });
    server.listen(typeof where === "number" ? { port: where, host: "0.0.0.0" } : { path: where });
    await once(server, "listening");
    return server;
  };
  const tcp = await listen(0);
  const udp = createSocket("udp4", () => reached.push("a datagram"));
  udp.bind(0, "0.0.0.0");
  await once(udp, "listening");
  const unixPath = join(openFolder, "socket");
  const abstractName = `skerry-test-${process.pid}`;
  const servers = [tcp, await listen(unixPath), await listen(`\0${abstractName}`)];
  chmodSync(unixPath, 0o777);

  const targets: Targets = {
    hostPid: process.pid,
    hostAddress: /^([0-9a-f]+)-/.exec(readFileSync("/proc/self/maps", "latin1"))![1]!,
    secretFile,
    openFolder,
    tcpPort: (tcp.address() as AddressInfo).port,
    udpPort: udp.address().port,
    unixPath,
    abstractName,
    code: resolve("src"),
    rootOfNamespace: sandbox.report.layers.some(({ name, applied }) => name === "processes" && applied),
    addresses: Object.values(networkInterfaces())
      .flat()
      .filter((found) => found?.family === "IPv4" && !found.internal)
      .map((found) => found!.address),
  };

  const run = async (launch: Launch): Promise<Findings> => {
    const { command, args, env, cwd, detached } = launch;
    const child = spawn(command, args, { env, cwd, detached, stdio: ["ignore", "ignore", "pipe", "pipe"] });
    launch.spawned(child.pid!);
    let errors = "";
    child.stderr!.setEncoding("utf8").on("data", (part: string) => (errors += part));
    let text = "";
    const pipe = child.stdio[3] as Readable;
    const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
    for await (const part of pipe.setEncoding("utf8")) {
      text += part;
      if (text.endsWith("\n")) break;
    }
    clearTimeout(timer);
    child.kill("SIGKILL");
    if (!text.endsWith("\n")) throw new Error(`no findings: ${errors}`);
    return JSON.parse(text) as Findings;
  };
  const nodeArgs = (told: Targets): string[] => [
    "--disable-warning=ExperimentalWarning",
    "-e",
    TAKEOVER_SCRIPT,
    JSON.stringify(told),
  ];
  const { layers } = sandbox.report;
  const js = await run(sandbox.launch(nodeArgs(targets)));
  const launch = sandbox.launch(nodeArgs(targets));
  // Native code does not ask Node for permission.
  const args = launch.args.filter((arg) => !/^--(permission$|allow-addons$|allow-fs-read=)/.test(arg));
  const native = await run({ ...launch, args });
  const reachedInside = [...reached];
  const free = await run(plainLaunch(nodeArgs({ ...targets, only: REACHABLE })));
  const result: TakeoverResult = { layers, js, native, free, reached: reachedInside };
  for (const server of servers) server.close();
  udp.close();
  process.stdout.write(JSON.stringify(result));
  sandbox.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
