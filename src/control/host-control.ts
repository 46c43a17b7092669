import type { AssetLibrary } from "../assets/asset-library.ts";
import type { WorkerUpload } from "../host-options.ts";
import { noSuchWorker } from "../storage/control-conflict.ts";
import { cronProblems } from "../events/cron/check-crons.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import type { Clock } from "../clock/clock.ts";
import type { SecretVault } from "../secrets/secret-vault.ts";
import type { VersionSummary, WorkerRecord } from "../storage/control-store.ts";
import type { Stores } from "../storage/stores.ts";
import type { TailFeed, TailListener } from "../meter/tail-feed.ts";
import { parseRoute } from "../route/parse-route.ts";
import { type AssetControl, createAssetControl } from "./asset-control.ts";
import { tailConsumerProblems } from "./check-more-bindings.ts";
import { MAX_ROUTES } from "./check-upload.ts";
import type {
  Control,
  DeploymentInfo,
  Note,
  VersionInfo,
  VersionPercent,
  WorkerChange,
  WorkerInfo,
} from "./control.ts";
import { InvalidUpload } from "./invalid-upload.ts";
import { DEFAULT_ACCOUNT, type Deployer } from "./deployer.ts";
import { createKvControl, type KvControl } from "./kv-control.ts";
import { createSecretControl, type SecretControl } from "./secret-control.ts";
import { createTokenControl, type TokenControl } from "./token-control.ts";
import { versionInfo } from "./version-info.ts";

/** Routes and domains of 1,000 names fit. */
const MAX_SETTINGS_CHARS = 128 * 1024;

/** A host's control, over its deployer and its stores. */
export class HostControl implements Control {
  readonly secrets: SecretControl;
  readonly kv: KvControl;
  readonly assets: AssetControl;
  readonly tokens: TokenControl;
  readonly #stores: Pick<Stores, "control" | "kv">;
  readonly #deployer: Deployer;
  readonly #feed: TailFeed;

  constructor(
    stores: Pick<Stores, "control" | "kv">,
    deployer: Deployer,
    vault: SecretVault,
    clock: Clock,
    feed: TailFeed,
    library: AssetLibrary,
  ) {
    this.assets = createAssetControl(library);
    this.#feed = feed;
    this.secrets = createSecretControl(vault, deployer);
    this.#stores = stores;
    this.#deployer = deployer;
    this.kv = createKvControl(stores, clock);
    this.tokens = createTokenControl(stores.control.tokens, clock);
  }

  async uploadVersion(upload: WorkerUpload, note: Note = {}): Promise<VersionInfo> {
    const { account, worker, id } = await this.#deployer.upload(upload, note);
    return this.#mustFind(id, worker, account);
  }

  async deploy(upload: WorkerUpload, note: Note = {}): Promise<VersionInfo> {
    const { account, worker, id } = await this.#deployer.deploy(upload, note);
    return this.#mustFind(id, worker, account);
  }

  async deployVersions(
    name: string,
    versions: readonly VersionPercent[],
    account: string = DEFAULT_ACCOUNT,
    note: Note = {},
  ): Promise<DeploymentInfo> {
    await this.#deployer.share(account, name, versions, note);
    const [deployment] = this.deployments(name, account);
    // Whoever deleted the worker came next, and was done before this went on.
    if (deployment === undefined) throw noSuchWorker(account, name);
    return deployment;
  }

  versions(name: string, account: string = DEFAULT_ACCOUNT): VersionInfo[] {
    return this.#stores.control.listVersions(account, name).map((summary) => this.#versionInfo(summary));
  }

  version(id: string, name: string, account: string = DEFAULT_ACCOUNT): VersionInfo | undefined {
    const found = this.#stores.control.findVersion(account, name, id);
    return found === null ? undefined : this.#versionInfo(found);
  }

  deployments(name: string, account: string = DEFAULT_ACCOUNT): DeploymentInfo[] {
    return this.#stores.control.listDeployments(account, name);
  }

  accounts(): string[] {
    return this.#stores.control.listAccounts().map(({ id }) => id);
  }

  workers(account: string = DEFAULT_ACCOUNT): WorkerInfo[] {
    return this.#stores.control.listWorkers(account).map((record) => this.#workerInfo(record, account));
  }

  worker(name: string, account: string = DEFAULT_ACCOUNT): WorkerInfo | undefined {
    const record = this.#stores.control.worker(account, name);
    return record === null ? undefined : this.#workerInfo(record, account);
  }

  async setRoutes(name: string, routes: readonly string[], account: string = DEFAULT_ACCOUNT): Promise<void> {
    await this.update(name, () => ({ routes }), account);
  }

  async update(
    name: string,
    change: (worker: WorkerInfo) => WorkerChange,
    account: string = DEFAULT_ACCOUNT,
  ): Promise<void> {
    await this.#deployer.update(account, name, () => {
      const worker = this.worker(name, account);
      if (worker === undefined) throw noSuchWorker(account, name);
      const { routes, tailConsumers, settings } = change(worker);
      return {
        ...(tailConsumers !== undefined && { tailConsumers: checkedConsumers(tailConsumers) }),
        ...(routes !== undefined && { routes: checkedRoutes(routes) }),
        ...(settings !== undefined && { settingsJson: settingsJson(settings) }),
      };
    });
  }

  setCrons(name: string, crons: readonly string[], account: string = DEFAULT_ACCOUNT): void {
    const { control } = this.#stores;
    const problems = cronProblems(crons);
    if (problems.length > 0) throw new SkerryError("INVALID_CRON", problems.join("; "));
    if (control.worker(account, name) === null) throw noSuchWorker(account, name);
    control.crons.set(account, name, crons);
  }

  tail(name: string, listener: TailListener, account: string = DEFAULT_ACCOUNT): () => void {
    if (this.#stores.control.worker(account, name) === null) throw noSuchWorker(account, name);
    return this.#feed.watch(account, name, listener);
  }

  tailProducers(consumer: string, account: string = DEFAULT_ACCOUNT): string[] {
    return this.#stores.control.tailConsumers.producersOf(account, consumer);
  }

  async delete(name: string, account: string = DEFAULT_ACCOUNT): Promise<boolean> {
    return await this.#deployer.delete(account, name);
  }

  #mustFind(id: string, name: string, account: string): VersionInfo {
    const found = this.version(id, name, account);
    if (found === undefined) throw noSuchWorker(account, name);
    return found;
  }

  #versionInfo(summary: VersionSummary): VersionInfo {
    const secrets = this.#stores.control.secrets.ofVersion(summary.id);
    return { ...versionInfo(summary), secretNames: secrets.map(({ name }) => name) };
  }

  #workerInfo({ name, createdAtMs, settingsJson }: WorkerRecord, account: string): WorkerInfo {
    const settings = JSON.parse(settingsJson) as Record<string, unknown>;
    const { control } = this.#stores;
    const routes = control.routes(account, name);
    const crons = control.crons.of(account, name);
    const tailConsumers = control.tailConsumers.of(account, name);
    return { name, createdAtMs, routes, crons, tailConsumers, settings };
  }
}

/** @throws SkerryError `INVALID_ROUTE`, `INVALID_UPLOAD` */
function checkedRoutes(routes: readonly string[]): readonly string[] {
  if (routes.length > MAX_ROUTES)
    throw new InvalidUpload([`routes has ${routes.length} entries; a worker may have at most ${MAX_ROUTES}`]);
  for (const pattern of routes) parseRoute(pattern);
  return routes;
}

/** @throws InvalidUpload */
function checkedConsumers(names: readonly string[]): readonly string[] {
  const problems = tailConsumerProblems(names);
  if (problems.length > 0) throw new InvalidUpload(problems);
  return names;
}

/** @throws SkerryError `INVALID_SETTINGS` */
function settingsJson(settings: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(settings);
  if (json.length <= MAX_SETTINGS_CHARS) return json;
  throw new SkerryError(
    "INVALID_SETTINGS",
    `settings has ${json.length} characters as JSON; a worker may have at most ${MAX_SETTINGS_CHARS}`,
  );
}
