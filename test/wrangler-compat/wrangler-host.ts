import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { parseEnv } from "node:util";
import * as assert from "uvu/assert";
import { askHost } from "../cli/ask-host.ts";
import { type CliRun, portOf, runCli, startCli } from "../cli/run-cli.ts";
import { type ProjectFolder, projectFolder } from "./project-folder.ts";
import { type Wrangler, wranglerBin, wranglerEnv, WRANGLERS } from "./wranglers.ts";

/**
 * Drives a host by each of them, at the same time.
 * @param files Those that each one's project begins with, by its worker's name.
 */
export async function byEachWrangler(
  files: (name: string) => Readonly<Record<string, string>>,
  drive: (project: Project, wrangler: Wrangler, name: string) => Promise<void>,
): Promise<void> {
  await using host = await WranglerHost.start();
  const runs = WRANGLERS.map(async (wrangler) => {
    const name = `shop-${wrangler}`;
    await drive(host.project(name, files(name)), wrangler, name);
  });
  // The other one comes to its end as well, so that nothing of it is left.
  for (const run of await Promise.allSettled(runs)) if (run.status === "rejected") throw run.reason;
  assert.equal(host.unrouted, []);
}

/** What the API says of a request that it has no route for. */
const NO_ROUTE = '"code":7003';
const WAIT_MS = 240_000;

/** A host in a process of its own, behind a proxy that sees what wranglers ask it for. */
export class WranglerHost implements AsyncDisposable {
  readonly folder: ProjectFolder;
  readonly port: number;
  /** Requests for which the host has no route. */
  readonly unrouted: string[] = [];
  /** Names of workers: the answer of the next upload of each is cut in the middle. */
  readonly cutNext = new Set<string>();
  readonly #cli: CliRun;
  readonly #proxy: Server;
  #control = 0;
  #env = "";

  private constructor(folder: ProjectFolder, cli: CliRun, port: number) {
    this.folder = folder;
    this.port = port;
    this.#cli = cli;
    this.#proxy = createServer((incoming, outgoing) => this.#pass(incoming, outgoing));
    // A connection that is closed while a slow client is about to use it again would fail that client.
    this.#proxy.keepAliveTimeout = 10 * WAIT_MS;
  }

  static async start(): Promise<WranglerHost> {
    const folder = projectFolder({});
    const cli = startCli(["serve", "--data", "data", "--port", "0", "--control-port", "0"], folder.path);
    const port = await portOf(cli);
    const token = ["token", "create", "laptop", "--account", "default", "--data", "data"];
    const { exit, output } = await runCli(token, folder.path);
    assert.is(exit, 0, output);
    assert.is(output.match(/^CLOUDFLARE_\w+=/gm)?.length, 3, output);
    const host = new WranglerHost(folder, cli, port);
    await host.#listen(output);
    return host;
  }

  /** A project's folder, whose `.env` says which host to speak to. */
  project(name: string, files: Readonly<Record<string, string>>): Project {
    this.folder.write(`${name}/.env`, this.#env);
    for (const [path, content] of Object.entries(files)) this.folder.write(`${name}/${path}`, content);
    return new Project(this, name);
  }

  /**
   * The answer of a worker: status and body.
   * @param name of the worker, or a whole host name
   */
  async ask(
    name: string,
    path = "/",
    headers: Readonly<Record<string, string>> = {},
    method = "GET",
  ): Promise<string> {
    const host = `${name.includes(".") ? name : `${name}.localhost`}:${this.port}`;
    const answer = await askHost(this.port, host, { path, method, headers });
    return `${answer.status} ${answer.text}`;
  }

  /** What the API answers about something of the account to a client of its own. */
  async api(path: string, method = "GET", body?: unknown): Promise<unknown> {
    const { CLOUDFLARE_API_TOKEN: token = "" } = parseEnv(this.#env);
    const url = `http://127.0.0.1:${this.#control}/client/v4/accounts/default${path}`;
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(url, { ...init, headers: { authorization: `Bearer ${token}` } });
    return ((await answer.json()) as { result: unknown }).result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#proxy.close();
    this.#proxy.closeAllConnections();
    await this.#cli[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }

  async #listen(env: string): Promise<void> {
    const [, control = ""] = /CLOUDFLARE_API_BASE_URL=http:\/\/127\.0\.0\.1:(\d+)/.exec(env) ?? [];
    this.#control = Number(control);
    await new Promise<void>((done) => this.#proxy.listen(0, "127.0.0.1", done));
    const { port } = this.#proxy.address() as AddressInfo;
    this.#env = env.replace(`:${control}/`, `:${port}/`);
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const port = this.#control;
    const { method = "", url = "", headers } = incoming;
    const onward = request(
      {
        ...{ host: "127.0.0.1", port, method, path: url, agent: false },
        headers: { ...headers, host: `127.0.0.1:${port}` },
      },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 500, response.headers);
        if (this.#isCut(method, url)) return void response.once("data", (bytes) => cut(outgoing, bytes));
        response.pipe(outgoing);
        if (response.statusCode === 404)
          void text(response).then(
            (body) => body.includes(NO_ROUTE) && this.unrouted.push(`${method} ${url}`),
          );
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  }

  #isCut(method: string, url: string): boolean {
    const name = /\/workers\/scripts\/([^/?]+)(?:\/versions)?(?:\?|$)/.exec(url)?.[1];
    return name !== undefined && method !== "GET" && this.cutNext.delete(name);
  }
}

/** Sends a half of an answer, and no more. */
function cut(outgoing: ServerResponse, bytes: Buffer): void {
  outgoing.write(bytes.subarray(0, bytes.length / 2), () => outgoing.socket?.resetAndDestroy());
}

/** A project, and wranglers that run in its folder. */
export class Project {
  readonly host: WranglerHost;
  readonly #name: string;

  constructor(host: WranglerHost, name: string) {
    this.host = host;
    this.#name = name;
  }

  write(path: string, content: string): void {
    this.host.folder.write(`${this.#name}/${path}`, content);
  }

  /** Runs wrangler to its end, which has to be a good one. @returns what it printed */
  async run(wrangler: Wrangler, args: readonly string[], input?: string): Promise<string> {
    const { exit, output } = await this.#end(wrangler, args, input);
    assert.is(exit, 0, `${wrangler} ${args.join(" ")}:\n${output}`);
    return output;
  }

  /** The same where it has to fail. */
  async fail(wrangler: Wrangler, args: readonly string[]): Promise<string> {
    const { exit, output } = await this.#end(wrangler, args);
    assert.is.not(exit, 0, `${wrangler} ${args.join(" ")}:\n${output}`);
    return output;
  }

  /** Starts wrangler, for as long as the caller wants it. */
  start(wrangler: Wrangler, args: readonly string[], input?: string): WranglerRun {
    const home = this.host.folder.path;
    const child = spawn(process.execPath, [wranglerBin(wrangler), ...args], {
      cwd: `${home}/${this.#name}`,
      env: wranglerEnv(home, { NODE_COMPILE_CACHE: `${home}/compile-cache` }),
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.end(input ?? "");
    let output = "";
    let changed = (): void => {};
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        changed();
      });
    const exit = new Promise<number>((done) => child.on("close", (code) => done(code ?? -1)));
    return {
      exit,
      get output() {
        return output;
      },
      async waitFor(pattern) {
        const timeout = AbortSignal.timeout(WAIT_MS);
        while (!pattern.test(output)) {
          if (timeout.aborted) throw new Error(`never ${String(pattern)}:\n${output}`);
          await new Promise<void>((done) => {
            changed = done;
            setTimeout(done, 1_000);
          });
        }
      },
      async [Symbol.asyncDispose]() {
        child.kill("SIGINT");
        await exit;
      },
    };
  }

  async #end(
    wrangler: Wrangler,
    args: readonly string[],
    input?: string,
  ): Promise<{ exit: number; output: string }> {
    const run = this.start(wrangler, args, input);
    return { exit: await run.exit, output: run.output };
  }
}

/** A wrangler that runs. It is asked to end at the end of the block that uses it. */
export interface WranglerRun extends AsyncDisposable {
  readonly output: string;
  readonly exit: Promise<number>;
  waitFor(pattern: RegExp): Promise<void>;
}
