import type { AssetLibrary } from "../assets/asset-library.ts";
import type { PlugIns } from "../bindings/plug-in/plug-ins.ts";
import type { Clock } from "../clock/clock.ts";
import type { WorkerUpload } from "../host-options.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { newVersionId } from "../ids/version-id.ts";
import type { TailConsumers } from "../events/tail/tail-consumers.ts";
import type { LimitPolicy } from "../limits/limit-policy.ts";
import type { Meter } from "../meter/meter.ts";
import { resolveLimits } from "../limits/resolve.ts";
import { checkClaims } from "../route/claim.ts";
import type { SecretVault } from "../secrets/secret-vault.ts";
import { ControlConflict, noSuchWorker } from "../storage/control-conflict.ts";
import type { ControlNote, ControlStore, VersionShare } from "../storage/control-store.ts";
import type { StorageLedger } from "../storage/storage-ledger.ts";
import type { SecretRecord } from "../storage/secret-store.ts";
import { packVersion, unpackVersion } from "../versions/pack.ts";
import type { Transformer } from "../versions/transformer/transformer.ts";
import type { Version } from "../versions/version.ts";
import type { WarmPool } from "../warm/warm-pool.ts";
import { assetsOfUpload } from "./assets-of-upload.ts";
import type { Catalog } from "./catalog.ts";
import { checkNeighbours } from "./check-neighbours.ts";
import { checkInherited } from "./check-secrets.ts";
import { checkShares } from "./check-shares.ts";
import { checkUpload } from "./check-upload.ts";
import { InvalidUpload } from "./invalid-upload.ts";
import type { Previews } from "./previews.ts";
import { Queues } from "./queues.ts";
import { requireIsolation } from "./require-isolation.ts";
import type { RollbackWatch } from "./rollback-watch.ts";
import type { VersionTraffic } from "./traffic.ts";
import { tryStart } from "./try-start.ts";
import { type VersionConfig, versionConfig } from "./version-config.ts";
import type { VersionMaker } from "./version-maker.ts";
import { workerKey } from "../ids/worker-key.ts";

/** The account of uploads that name none. */
export const DEFAULT_ACCOUNT = "default";

export interface DeployerParts {
  readonly control: ControlStore;
  readonly transformer: Transformer;
  readonly maker: VersionMaker;
  readonly pool: WarmPool;
  readonly catalog: Catalog;
  readonly previews: Previews;
  readonly rollback: Pick<RollbackWatch, "deployed" | "forget">;
  readonly clock: Clock;
  readonly policy: (account: string) => LimitPolicy;
  readonly vault: SecretVault;
  readonly library: AssetLibrary;
  readonly ledger: StorageLedger;
  readonly tails: TailConsumers;
  readonly meter: Pick<Meter, "forget">;
  readonly plugIns: PlugIns;
}

/** Gives a version the secrets that it shall have. */
export type SecretChange = (secrets: readonly SecretRecord[]) => readonly SecretRecord[];

/** What is stored of a new version. */
interface MadeOfUpload {
  readonly config: VersionConfig;
  readonly packed: Uint8Array;
  readonly secrets: readonly SecretRecord[];
  readonly note: ControlNote;
  readonly createdAtMs: number;
  readonly keepTraffic: boolean;
  /** @default as they are */
  readonly routes?: readonly string[];
  /** @default as they are */
  readonly crons?: readonly string[];
  /** @default as they are */
  readonly tailConsumers?: readonly string[];
}

/** What is stored of a worker beside its versions. */
export interface StoredChange {
  readonly routes?: readonly string[];
  readonly tailConsumers?: readonly string[];
  readonly settingsJson?: string;
}

/** Turns uploads into active versions: checked, transformed, started once, stored, then switched to. */
export class Deployer {
  readonly #parts: DeployerParts;
  /** Deploys of one worker follow each other, so that the last one asked for is the one that stays. */
  readonly #queues = new Queues();

  constructor(parts: DeployerParts) {
    this.#parts = parts;
  }

  /**
   * Stores an upload as a new version that takes all traffic.
   * @throws InvalidUpload, InvalidLimits, UploadRefused, RouteTaken, AccountStorageFull, DiskLow. Nothing has changed then.
   */
  async deploy(upload: WorkerUpload, note: ControlNote = {}): Promise<Version> {
    return await this.#inOrderOf(upload, (account) => this.#publish(account, upload, note, false));
  }

  /**
   * Stores an upload as a new version; what takes traffic stays as it is.
   * @throws InvalidUpload, InvalidLimits, UploadRefused, AccountStorageFull, DiskLow. Nothing has changed then.
   */
  async upload(upload: WorkerUpload, note: ControlNote = {}): Promise<Version> {
    return await this.#inOrderOf(upload, (account) => this.#publish(account, upload, note, true));
  }

  /**
   * Shares a worker's traffic among versions that are stored. Each is started before it takes any.
   * @throws ControlConflict `NO_SUCH_VERSION`, `BAD_DEPLOYMENT`; UploadRefused. Nothing has changed then.
   */
  async share(
    account: string,
    worker: string,
    shares: readonly VersionShare[],
    note: ControlNote = {},
  ): Promise<void> {
    await this.#queues.run(workerKey(account, worker), () => this.#share(account, worker, shares, note));
  }

  /**
   * The same, if a deployment is still the one in force when all that was asked for before is done.
   * @returns whether it was
   */
  async revert(
    account: string,
    worker: string,
    deploymentId: number,
    shares: readonly VersionShare[],
    note: ControlNote,
  ): Promise<boolean> {
    return await this.#queues.run(workerKey(account, worker), async () => {
      if (this.#parts.control.listDeployments(account, worker)[0]?.id !== deploymentId) return false;
      await this.#share(account, worker, shares, note);
      return true;
    });
  }

  async #share(
    account: string,
    worker: string,
    shares: readonly VersionShare[],
    note: ControlNote,
  ): Promise<void> {
    const { control, catalog, previews, clock, pool } = this.#parts;
    checkShares(shares);
    const active = catalog.get(account, worker);
    const traffic = shares.map(({ versionId, percent }): VersionTraffic => {
      const known = active?.traffic.find(({ version }) => version.id === versionId)?.version;
      return { version: known ?? this.stored(account, worker, versionId), percent };
    });
    try {
      for (const { version } of traffic) await tryStart(pool, version, version.id);
      control.deploy({ account, worker, versions: shares, note, createdAtMs: clock.now() });
    } catch (error) {
      const kept = new Set(active?.traffic.map(({ version }) => version.id));
      for (const { version } of traffic) if (!kept.has(version.id)) pool.retire(version.id);
      throw error;
    }
    previews.forget(account, worker);
    this.#activate(account, worker, traffic, active?.routes ?? control.routes(account, worker));
  }

  /**
   * Replaces the routes of a worker, or what layers above keep with it.
   * @param change Asked once all that was to be done before is done.
   * @throws ControlConflict `NO_SUCH_WORKER`; RouteTaken, RouteNotAllowed. Nothing has changed then.
   */
  async update(account: string, worker: string, change: () => StoredChange): Promise<void> {
    await this.#queues.run(workerKey(account, worker), async () => {
      const { control, catalog, policy, tails, ledger } = this.#parts;
      await ledger.open(account);
      const { routes, tailConsumers, settingsJson } = change();
      if (tailConsumers !== undefined) checkNeighbours(this.#parts, account, { name: worker, tailConsumers });
      if (routes !== undefined) {
        checkClaims(routes, policy(account).hosts);
        control.setRoutes(account, worker, routes);
        const active = catalog.get(account, worker);
        if (active !== undefined) catalog.activate({ ...active, routes });
      }
      if (tailConsumers !== undefined) tails.set(account, worker, tailConsumers);
      if (settingsJson !== undefined) control.setWorkerSettings(account, worker, settingsJson);
    });
  }

  /** Removes a worker. @returns Whether it was there. */
  async delete(account: string, worker: string): Promise<boolean> {
    return await this.#queues.run(workerKey(account, worker), async () => {
      const { control, catalog, previews, rollback, pool, tails, meter } = this.#parts;
      const there = control.deleteWorker(account, worker);
      tails.forget(account, worker);
      catalog.remove(account, worker);
      previews.forget(account, worker);
      rollback.forget(account, worker);
      pool.retireWorker(account, worker);
      meter.forget(account, worker);
      return there;
    });
  }

  /** The secrets of the version that takes a worker's traffic, else of its newest; null if it has none. */
  secretsOf(account: string, worker: string): readonly SecretRecord[] | null {
    const { control } = this.#parts;
    const id = this.#baseOf(account, worker);
    return id === null ? null : control.secrets.ofVersion(id);
  }

  /** The secrets of a version. @throws ControlConflict `NO_SUCH_VERSION` */
  secretsOfVersion(account: string, worker: string, id: string): readonly SecretRecord[] {
    const { control } = this.#parts;
    if (control.findVersion(account, worker, id) === null) throw noSuchVersion(worker, id);
    return control.secrets.ofVersion(id);
  }

  /**
   * Makes a version of the present one's code with other secrets. It takes the traffic, if the worker has any.
   * @param how `aside` begins with the newest version instead, and leaves the traffic as it is.
   * @throws ControlConflict `NO_SUCH_WORKER`; SkerryError `TRAFFIC_SHARED`; InvalidUpload, UploadRefused. Nothing has
   * changed then.
   */
  async changeSecrets(
    account: string,
    worker: string,
    change: SecretChange,
    { note, aside }: { readonly note: ControlNote; readonly aside: boolean },
  ): Promise<Version> {
    return await this.#queues.run(workerKey(account, worker), async () => {
      const { control, catalog, maker, clock } = this.#parts;
      const traffic = catalog.get(account, worker)?.traffic ?? [];
      if (traffic.length > 1 && !aside)
        throw new SkerryError(
          "TRAFFIC_SHARED",
          `the traffic of worker "${worker}" is shared among ${traffic.length} versions; give one of them all of it first`,
        );
      const base = aside ? this.#newestOf(account, worker) : this.#baseOf(account, worker);
      const record = control.loadVersion(base ?? "");
      if (record === null) throw noSuchWorker(account, worker);
      // The alias stays with the version that was given it.
      const { alias: _, ...config } = JSON.parse(record.configJson) as VersionConfig;
      if (config.main === "")
        throw new InvalidUpload([`worker "${worker}" has assets only, and no code that could use a secret`]);
      const secrets = change(control.secrets.ofVersion(record.id));
      checkInherited(config, secrets);
      const made = { config, secrets, note, createdAtMs: clock.now() };
      const version = maker.fresh(
        { account, worker, id: newVersionId(), ...made },
        unpackVersion(record.packed),
      );
      const keepTraffic = aside || traffic.length === 0;
      return await this.#store(version, config.main, { ...made, packed: record.packed, keepTraffic });
    });
  }

  /** Makes the workers active that the store knows. */
  restore(): void {
    const { control, catalog, rollback } = this.#parts;
    for (const { account, worker, versions, routes } of control.activeWorkers()) {
      const traffic = versions.map(({ versionId, percent }) => ({
        version: this.stored(account, worker, versionId),
        percent,
      }));
      if (traffic.length === 0) continue;
      catalog.activate({ account, worker, traffic, routes });
      rollback.deployed({ account, worker, traffic, routes });
    }
  }

  /** The version whose code and secrets the next one has, where only secrets change. */
  #baseOf(account: string, worker: string): string | null {
    const [first] = this.#parts.catalog.get(account, worker)?.traffic ?? [];
    return first?.version.id ?? this.#newestOf(account, worker);
  }

  #newestOf(account: string, worker: string): string | null {
    return this.#parts.control.listVersions(account, worker)[0]?.id ?? null;
  }

  /** A version of the store, ready to be started. @throws ControlConflict `NO_SUCH_VERSION`. */
  stored(account: string, worker: string, id: string): Version {
    const { control, maker } = this.#parts;
    const found = control.findVersion(account, worker, id);
    if (found === null) throw noSuchVersion(worker, id);
    const config = JSON.parse(found.configJson) as VersionConfig;
    const { createdAtMs, note } = found;
    const secrets = control.secrets.ofVersion(id);
    return maker.restore({ account, worker, id, config, secrets, createdAtMs, note });
  }

  async #publish(
    account: string,
    upload: WorkerUpload,
    note: ControlNote,
    keepTraffic: boolean,
  ): Promise<Version> {
    const { control, transformer, maker, policy, vault, library, clock } = this.#parts;
    const { layers, ceilings, isolation, hosts } = policy(account);
    requireIsolation(upload.isolation, isolation);
    checkClaims(upload.routes ?? [], hosts);
    checkNeighbours(this.#parts, account, upload);
    const limits = resolveLimits([...layers, upload.limits ?? {}], ceilings);
    const { secrets: given = {}, main, modules, assets: _assets, ...rest } = upload;
    const kept = control.secrets
      .ofNewest(account, upload.name)
      .filter(({ name }) => !Object.hasOwn(given, name));
    const files = await assetsOfUpload(library, control, account, upload);
    using _pin = files && library.pin(account, files);
    const transformed =
      main === undefined || modules === undefined
        ? null
        : await transformer.transform({ ...rest, main, modules }, limits, account);
    const config = versionConfig(upload, transformed?.main ?? "", files);
    const owner = { account, worker: upload.name };
    const sealed = Object.entries(given).map(([name, value]) => vault.seal(owner, name, value));
    const secrets = [...kept, ...sealed];
    checkInherited(config, secrets);
    const made = { config, secrets, note, createdAtMs: clock.now() };
    const version = maker.fresh({ ...owner, id: newVersionId(), ...made }, transformed);
    return await this.#store(version, main ?? "", {
      ...made,
      packed: transformed === null ? new Uint8Array() : packVersion(transformed),
      keepTraffic,
      ...(upload.routes !== undefined && { routes: upload.routes }),
      ...(upload.crons !== undefined && { crons: upload.crons }),
      ...(upload.tailConsumers !== undefined && { tailConsumers: upload.tailConsumers }),
    });
  }

  /** Starts a version once, stores it, and gives it the traffic if it shall have it. */
  async #store(version: Version, main: string, made: MadeOfUpload): Promise<Version> {
    const { control, maker, previews, pool, ledger } = this.#parts;
    const { account, worker, id } = version;
    const { config, packed, secrets, note, keepTraffic, createdAtMs } = made;
    const start = await tryStart(pool, version, main);
    await ledger.open(account);
    const routes = made.routes ?? control.routes(account, worker);
    try {
      this.#makeNamespaces(account, config);
      control.publish({
        account,
        worker,
        versionId: id,
        packed,
        configJson: JSON.stringify({ ...config, ...start } satisfies VersionConfig),
        secrets,
        ...(config.assets !== undefined && { assets: config.assets.manifest }),
        ...(keepTraffic ? {} : { routes }),
        keepTraffic,
        note,
        createdAtMs,
      });
    } catch (error) {
      pool.retire(id);
      throw error;
    }
    maker.published(version);
    previews.forget(account, worker);
    if (made.crons !== undefined && !keepTraffic) control.crons.set(account, worker, made.crons);
    if (made.tailConsumers !== undefined && !keepTraffic)
      this.#parts.tails.set(account, worker, made.tailConsumers);
    if (keepTraffic) pool.retire(id);
    else this.#activate(account, worker, [{ version, percent: 100 }], routes);
    return version;
  }

  /** Namespaces that a version names are there once it is: ids from elsewhere stay as they are. */
  #makeNamespaces(account: string, { slots }: VersionConfig): void {
    const { control, clock } = this.#parts;
    for (const slot of slots)
      if (slot.type === "kv") control.ensureNamespace({ account, id: slot.namespaceId, nowMs: clock.now() });
  }

  #activate(
    account: string,
    worker: string,
    traffic: readonly VersionTraffic[],
    routes: readonly string[],
  ): void {
    const { catalog, pool, rollback } = this.#parts;
    const before = catalog.get(account, worker);
    const active = { account, worker, traffic: traffic.toSorted((a, b) => b.percent - a.percent), routes };
    for (const { id } of catalog.activate(active)) pool.retire(id);
    rollback.deployed(active, before);
  }

  async #inOrderOf<T>(upload: WorkerUpload, job: (account: string) => Promise<T>): Promise<T> {
    checkUpload(upload);
    const account = upload.account ?? DEFAULT_ACCOUNT;
    return await this.#queues.run(workerKey(account, upload.name), () => job(account));
  }
}

function noSuchVersion(worker: string, id: string): ControlConflict {
  return new ControlConflict("NO_SUCH_VERSION", `worker "${worker}" has no version "${id}"`);
}
