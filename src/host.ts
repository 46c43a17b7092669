import type { AccountStats } from "./admission/admission.ts";
import type { Sandbox } from "./cell/sandbox/sandbox.ts";
import type { SandboxReport } from "./cell/sandbox/sandbox-report.ts";
import type { QuarantineEntry } from "./admission/quarantine.ts";
import { AssetSweeper } from "./assets/asset-sweeper.ts";
import { checkHostOptions, checkListenOptions } from "./config/check-options.ts";
import type { Control } from "./control/control.ts";
import { CodeReadAhead } from "./control/code-read-ahead.ts";
import { DEFAULT_ACCOUNT } from "./control/deployer.ts";
import { pickVersion } from "./control/traffic.ts";
import { CronTicker } from "./events/cron/cron-ticker.ts";
import { systemClock } from "./clock/clock.ts";
import { endStep } from "./clock/request-steps.ts";
import type { HandleRequest } from "./dispatch/edge.ts";
import { failureResponse } from "./dispatch/failure-response.ts";
import { flatHeader } from "./dispatch/flat-header.ts";
import type { HostOptions, ListenOptions, WorkerUpload } from "./host-options.ts";
import { type HostParts, makeParts } from "./host-parts.ts";
import { openHostSandbox } from "./host-sandbox.ts";
import { answerPaths, answerWith } from "./http/answer-with.ts";
import { hostAndPath } from "./http/host-and-path.ts";
import { type HttpListener, listenHttp } from "./http/listen-http.ts";
import { webFetch } from "./http/web-fetch.ts";
import type { WorkerUsage } from "./meter/meter.ts";
import type { Outcome } from "./outcome/outcome.ts";
import { takeEnvironmentKey } from "./secrets/environment-key.ts";
import { type HostStorage, hostStorage } from "./storage/host-storage.ts";
import type { StorageUse } from "./storage/storage-ledger.ts";
import type { Version } from "./versions/version.ts";
import { HostClosing } from "./warm/load-refused.ts";
import type { CellInfo } from "./warm/place.ts";
import type { WarmStats } from "./warm/options.ts";

/** How long events may go on in a host that closes, in ms. */
export const DEFAULT_GRACE_MS = 10_000;

/** A socket on which a host answers. */
export interface Listener {
  readonly port: number;
  readonly url: string;
  /** Stops accepting, waits for requests to end, then closes. */
  close(graceMs?: number): Promise<void>;
}

/** What one worker is and has used since the host started. */
export interface WorkerStats extends WorkerUsage {
  readonly account: string;
  readonly name: string;
  readonly versionId: string;
  readonly routes: readonly string[];
  readonly isolates: number;
  readonly memoryBytes: number;
}

/** What a host is doing. */
export interface HostStats {
  readonly warm: WarmStats;
  readonly inFlight: number;
  /** Resident memory of the host's own process. */
  readonly rssBytes: number;
  /** Resident memory of all cells together; the host's own where they live in it. */
  readonly cellRssBytes: number;
  /** How late the host's event loop was of late, in ms. */
  readonly loopDelayMs: number;
  readonly accounts: readonly AccountStats[];
  readonly cells: readonly CellInfo[];
  readonly workers: readonly WorkerStats[];
  /** What accounts store, of those that was counted so far: see {@link Host.storage}. */
  readonly storage: readonly StorageUse[];
}

/** A deployed worker. Always its active version, also after later deploys. */
export interface Worker {
  readonly account: string;
  readonly name: string;
  readonly versionId: string;
  /** Asks the worker directly, without a route. Never rejects for what the worker does. */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** Fires its cron handler; resolves with the outcome when it is over. */
  scheduled(trigger: { cron: string; scheduledTime?: number | Date }): Promise<Outcome>;
}

/** What an operator sees of workers that ended cells, and may do for them. */
export interface QuarantineControl {
  /** Workers with strikes, whether or not they may run now. */
  list(): readonly QuarantineEntry[];
  /** Forgets the strikes of a worker, so that it runs again at once. @returns Whether it had any. */
  lift(name: string, account?: string): boolean;
}

/** A running Skerry. */
export interface Host {
  /** Versions, gradual deployments, KV from outside, tokens: what APIs and command lines build on. */
  readonly control: Control;
  /**
   * Checks, stores and activates a version. The earlier version serves until the new one is ready.
   * @throws SkerryError `SCRIPT_REFUSED`, `INVALID_LIMITS`, `INVALID_UPLOAD`, `ROUTE_TAKEN`; nothing has changed then.
   */
  deploy(upload: WorkerUpload): Promise<Worker>;
  /** Removes a worker and its routes. KV namespaces stay. @returns Whether it was there. */
  delete(name: string, account?: string): Promise<boolean>;
  /** The worker of this name, if it is deployed. */
  worker(name: string, account?: string): Worker | undefined;
  /**
   * Gives a worker a secret, or a new value for one: a text on `env`, kept encrypted. A version of the same code with it
   * takes the traffic once it has started.
   * @throws SkerryError `NO_SUCH_WORKER`, `INVALID_UPLOAD`, `TRAFFIC_SHARED`, `SCRIPT_REFUSED`, `SECRETS_KEY_MISSING`.
   */
  putSecret(worker: string, name: string, value: string, account?: string): Promise<void>;
  /** Takes a secret away. @returns Whether it was there. @throws SkerryError as `putSecret`. */
  deleteSecret(worker: string, name: string, account?: string): Promise<boolean>;
  /** Names of a worker's secrets. @throws SkerryError `NO_SUCH_WORKER`. */
  listSecrets(worker: string, account?: string): string[];
  /** Answers a request as the HTTP server would: by route. Never rejects for what a worker does. */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
  /**
   * Answers HTTP on a port.
   * @throws SkerryError `LISTEN_FAILED`, `INVALID_OPTIONS`, `INVALID_ADDRESS_RANGE`.
   */
  listen(options?: ListenOptions): Promise<Listener>;
  /** Workers that ended cells: who they are, and how to let them run again. */
  readonly quarantine: QuarantineControl;
  stats(): Promise<HostStats>;
  /**
   * What each account stores, of how much; those that were not counted since the start are now.
   * @example
   * for (const { account, usedBytes, limitBytes } of (await host.storage()).accounts) console.log(account, usedBytes / limitBytes);
   */
  storage(): Promise<HostStorage>;
  /** What stands around the cells; undefined where nothing does. */
  readonly sandbox: SandboxReport | undefined;
  /**
   * Stops listening, lets events end for `graceMs`, then closes everything. The process may end as soon as this has
   * resolved; `docs/hosting.md` says what may hold that up.
   * @param graceMs @default 10000
   */
  close(graceMs?: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a host: opens its data, makes its cells, and restores the workers that the data folder knows.
 *
 * @throws SkerryError `DATA_FOLDER_IN_USE`, `STORAGE_DAMAGED`, `SANDBOX_UNAVAILABLE`, `INVALID_OPTIONS`, `INVALID_ADDRESS_RANGE`.
 * @example
 * const host = await createHost({ dataFolder: "./data" });
 * const worker = await host.deploy({
 *   name: "hello", main: "index.js",
 *   modules: [{ name: "index.js", type: "esm", content: "export default { fetch: () => new Response('hi') }" }],
 * });
 * await (await worker.fetch("http://hello/")).text(); // "hi"
 * await host.close();
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  checkHostOptions(options);
  // Before anything starts a process, which would inherit it.
  const environmentKey = takeEnvironmentKey();
  const host = new RunningHost(options, environmentKey, await openHostSandbox(options));
  try {
    await host.start();
  } catch (error) {
    await host.close(0);
    throw error;
  }
  return host;
}

class RunningHost implements Host {
  readonly #parts: HostParts;
  readonly #sandbox: Sandbox | undefined;
  readonly #listeners = new Set<HttpListener>();
  #ticker: CronTicker | undefined;
  #sweeper: AssetSweeper | undefined;
  #readAhead: CodeReadAhead | undefined;
  #closing: Promise<void> | null = null;

  constructor(options: HostOptions, environmentKey: string | null, sandbox: Sandbox | undefined) {
    this.#sandbox = sandbox;
    this.#parts = makeParts(options, environmentKey, sandbox);
  }

  get sandbox(): SandboxReport | undefined {
    return this.#sandbox?.report;
  }

  get control(): Control {
    return this.#parts.control;
  }

  readonly quarantine: QuarantineControl = {
    list: () => this.#parts.quarantine.list(),
    lift: (name, account = DEFAULT_ACCOUNT) => this.#parts.quarantine.lift(account, name),
  };

  async start(): Promise<void> {
    this.#parts.deployer.restore();
    this.#parts.tails.restore();
    await this.#parts.pool.fleet.ready();
    this.#ticker = startCrons(this.#parts);
    this.#sweeper = new AssetSweeper(this.#parts.library, this.#parts.internal);
    const { catalog, stores, dispatcher, internal } = this.#parts;
    this.#readAhead = new CodeReadAhead(catalog, stores.control, () => dispatcher.inFlight > 0, internal);
  }

  async deploy(upload: WorkerUpload): Promise<Worker> {
    this.#mustBeOpen();
    const { account, worker } = await this.#parts.deployer.deploy(upload);
    return new DeployedWorker(this.#parts, account, worker);
  }

  async delete(name: string, account: string = DEFAULT_ACCOUNT): Promise<boolean> {
    this.#mustBeOpen();
    return await this.#parts.deployer.delete(account, name);
  }

  async putSecret(worker: string, name: string, value: string, account?: string): Promise<void> {
    this.#mustBeOpen();
    await this.control.secrets.put(worker, name, value, account);
  }

  async deleteSecret(worker: string, name: string, account?: string): Promise<boolean> {
    this.#mustBeOpen();
    return await this.control.secrets.delete(worker, name, account);
  }

  listSecrets(worker: string, account?: string): string[] {
    return this.control.secrets.list(worker, account);
  }

  worker(name: string, account: string = DEFAULT_ACCOUNT): Worker | undefined {
    if (this.#parts.catalog.get(account, name) === undefined) return undefined;
    return new DeployedWorker(this.#parts, account, name);
  }

  async fetch(input: Request | string | URL, init?: RequestInit): Promise<Response> {
    return await webFetch(this.#handle)(input, init);
  }

  async listen(options: ListenOptions = {}): Promise<Listener> {
    this.#mustBeOpen();
    checkListenOptions(options);
    const { port = 8787, hostname = "127.0.0.1", fallback, paths, ...bounds } = options;
    const routed = fallback === undefined ? this.#handle : this.#handleOr(fallback);
    const handle = paths === undefined ? routed : answerPaths(paths, routed);
    const listener = await listenHttp({
      handle,
      port,
      hostname,
      ...bounds,
      requestBodyBytes: this.#parts.requestBodyBytes,
    });
    this.#listeners.add(listener);
    return {
      port: listener.port,
      url: listener.url,
      close: async (graceMs = DEFAULT_GRACE_MS) => {
        this.#listeners.delete(listener);
        await listener.close(graceMs);
      },
    };
  }

  async stats(): Promise<HostStats> {
    const { pool, catalog, meter, dispatcher, admission, stores } = this.#parts;
    const cells = await pool.fleet.info();
    const rssBytes = process.memoryUsage.rss();
    const weights = pool.weigh();
    const apart = cells.filter(({ kind }) => kind === "process");
    return {
      warm: pool.stats(),
      inFlight: dispatcher.inFlight,
      rssBytes,
      loopDelayMs: admission.loopDelayMs,
      accounts: admission.stats(),
      storage: stores.ledger.known(),
      cellRssBytes: apart.length > 0 ? apart.reduce((sum, cell) => sum + cell.rssBytes, 0) : rssBytes,
      cells,
      workers: [...catalog.all()].map(({ account, worker, traffic, routes }) => {
        const { isolates = 0, bytes = 0 } = weights.get(account)?.get(worker) ?? {};
        return {
          account,
          name: worker,
          versionId: traffic[0]?.version.id ?? "",
          routes,
          isolates,
          memoryBytes: bytes,
          ...meter.usage(account, worker),
        };
      }),
    };
  }

  async storage(): Promise<HostStorage> {
    return await hostStorage(this.#parts.stores);
  }

  close(graceMs: number = DEFAULT_GRACE_MS): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  readonly #handle: HandleRequest = async (request) => {
    const { host, path } = hostAndPath(request.url);
    const version = this.#parts.catalog.route(host, path, request.headers);
    if (version === null) return failureResponse("scriptNotFound", flatHeader(request.headers, "accept"));
    endStep("routed");
    return await this.#parts.dispatcher.fetch(version, request);
  };

  #handleOr(fallback: NonNullable<ListenOptions["fallback"]>): HandleRequest {
    return async (request) => {
      const { host, path } = hostAndPath(request.url);
      const version = this.#parts.catalog.route(host, path, request.headers);
      if (version === null) return await answerWith(request, fallback);
      endStep("routed");
      return await this.#parts.dispatcher.fetch(version, request);
    };
  }

  async #close(graceMs: number): Promise<void> {
    const { dispatcher, admission, pool, transformer, egress, crypto, stores, tails } = this.#parts;
    this.#ticker?.close();
    this.#readAhead?.close();
    tails.flush();
    await this.#sweeper?.close();
    dispatcher.retire();
    const graceOver = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref());
    const drained = Promise.all([...this.#listeners].map((listener) => listener.close(graceMs)));
    await Promise.race([dispatcher.idle(), graceOver]);
    await Promise.race([drained, graceOver]);
    dispatcher.close();
    admission.close();
    await pool.close();
    this.#sandbox?.close();
    transformer.close();
    await egress.close();
    await crypto.close();
    await stores.close();
    await drained;
  }

  #mustBeOpen(): void {
    if (this.#closing !== null) throw new HostClosing();
  }
}

/** Fires the cron triggers of all workers, each by the version that is active then. */
function startCrons({ stores, catalog, dispatcher }: HostParts): CronTicker {
  return new CronTicker({
    clock: systemClock,
    triggers: () => stores.control.crons.all(),
    fire: ({ account, worker, cron }, scheduledTimeMs) => {
      const active = catalog.get(account, worker);
      if (active !== undefined)
        void dispatcher.scheduled(pickVersion(active.traffic, ""), { cron, scheduledTimeMs });
    },
  });
}

/** Asks whatever version of the worker is active at the time. */
class DeployedWorker implements Worker {
  readonly account: string;
  readonly name: string;
  readonly #parts: HostParts;

  constructor(parts: HostParts, account: string, name: string) {
    this.#parts = parts;
    this.account = account;
    this.name = name;
  }

  get versionId(): string {
    return this.#parts.catalog.get(this.account, this.name)?.traffic[0]?.version.id ?? "";
  }

  async fetch(input: Request | string | URL, init?: RequestInit): Promise<Response> {
    const ask = webFetch(async (request) => {
      const version = this.#version(request.headers);
      if (version === null) return failureResponse("scriptNotFound", flatHeader(request.headers, "accept"));
      return await this.#parts.dispatcher.fetch(version, request);
    });
    return await ask(input, init);
  }

  async scheduled(trigger: { cron: string; scheduledTime?: number | Date }): Promise<Outcome> {
    const version = this.#version();
    if (version === null) return "scriptNotFound";
    const { cron, scheduledTime = Date.now() } = trigger;
    return await this.#parts.dispatcher.scheduled(version, { cron, scheduledTimeMs: Number(scheduledTime) });
  }

  #version(headers = ""): Version | null {
    const active = this.#parts.catalog.get(this.account, this.name);
    return active === undefined ? null : pickVersion(active.traffic, headers);
  }
}
