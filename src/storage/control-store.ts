import type { AssetReferences } from "./asset-references.ts";
import type { CronStore } from "./cron-store.ts";
import type { Bytes } from "./kv-store.ts";
import type { StrikeStore } from "./strike-store.ts";
import type { SecretRecord, SecretStore } from "./secret-store.ts";
import type { TailConsumerStore } from "./tail-consumer-store.ts";
import type { TokenStore } from "./token-store.ts";

/** A tenant. */
export interface AccountRecord {
  readonly id: string;
  readonly createdAtMs: number;
}

/** What people said about a version or deployment: opaque to the store, small. */
export type ControlNote = Readonly<Record<string, string>>;

/** A new version, which takes all traffic of its worker at once unless it is only to be kept. */
export interface PublishRequest {
  readonly account: string;
  readonly worker: string;
  /** Unique among all versions of all accounts, for ever. */
  readonly versionId: string;
  /** The version's code, as `versions/` packs it. */
  readonly packed: Bytes;
  readonly configJson: string;
  /** Its secrets, encrypted. */
  readonly secrets?: readonly SecretRecord[];
  /** Name of the list of its static assets. */
  readonly assets?: string;
  /** All patterns that lead to the worker from now on. Left out: as they are. */
  readonly routes?: readonly string[];
  /** Only keeps the version: what takes traffic stays as it is. @default false */
  readonly keepTraffic?: boolean;
  readonly note?: ControlNote;
  readonly createdAtMs: number;
}

/** A version without its code. */
export interface VersionSummary {
  readonly id: string;
  readonly account: string;
  readonly worker: string;
  readonly createdAtMs: number;
  readonly packedBytes: number;
  readonly configJson: string;
  /** 1 for the worker's first version, and so on; never given out twice while the worker is there. */
  readonly number: number;
  readonly note: ControlNote;
}

export interface VersionRecord extends VersionSummary {
  readonly packed: Bytes;
}

/** A version's part of a worker's traffic. */
export interface VersionShare {
  readonly versionId: string;
  /** Above 0; the shares of a deployment add up to 100. */
  readonly percent: number;
}

/** Which versions took traffic from when on. */
export interface DeploymentRecord {
  readonly id: number;
  readonly createdAtMs: number;
  readonly versions: readonly VersionShare[];
  readonly note: ControlNote;
}

/** A worker, whether it takes traffic or not. */
export interface WorkerRecord {
  readonly name: string;
  readonly createdAtMs: number;
  /** What layers above keep with it, as JSON. */
  readonly settingsJson: string;
}

/** A worker that takes traffic now. */
export interface ActiveWorker {
  readonly account: string;
  readonly worker: string;
  readonly deployedAtMs: number;
  /** Largest share first. */
  readonly versions: readonly (VersionShare & { readonly configJson: string })[];
  /** Patterns, sorted. */
  readonly routes: readonly string[];
}

export interface NamespaceRecord {
  readonly account: string;
  readonly id: string;
  readonly title: string;
  /** The number that names it in a `KvStore`; never given out twice. */
  readonly ns: number;
}

/**
 * Who there is, what they uploaded and where it answers. Synchronous: records are small and changes
 * rare. Ids, names and patterns are checked by the layers above; here they are opaque text.
 */
export interface ControlStore extends StrikeStore {
  readonly crons: CronStore;
  readonly tailConsumers: TailConsumerStore;
  readonly tokens: TokenStore;
  readonly secrets: SecretStore;
  readonly assets: AssetReferences;
  ensureAccount(id: string, nowMs: number): void;
  listAccounts(): AccountRecord[];

  /**
   * Stores the version, deploys it at 100 % unless traffic is kept, and sets the routes, all or nothing.
   * Makes account and worker if they are new.
   * @throws {RouteTaken} if a pattern belongs to another worker.
   * Forgets the oldest deployments and versions where there are many: the newest 100 of each stay.
   * @throws {ControlConflict} `VERSION_EXISTS` if the version's id is used, `TOO_MANY` if the account may have no more workers.
   */
  publish(request: PublishRequest): void;
  /**
   * Deploys versions that are already there: a rollback, or a gradual one.
   * @throws {ControlConflict} `NO_SUCH_VERSION` or `BAD_DEPLOYMENT`.
   */
  deploy(request: {
    account: string;
    worker: string;
    versions: readonly VersionShare[];
    note?: ControlNote;
    createdAtMs: number;
  }): void;
  /** By name. */
  listWorkers(account: string): WorkerRecord[];
  worker(account: string, name: string): WorkerRecord | null;
  /** @throws {ControlConflict} `NO_SUCH_WORKER`. */
  setWorkerSettings(account: string, name: string, settingsJson: string): void;
  /** All workers that are deployed, by account and name. */
  activeWorkers(): ActiveWorker[];
  activeWorker(account: string, worker: string): ActiveWorker | null;
  loadVersion(id: string): VersionRecord | null;
  /** The code of a version, packed: what a start needs. Not to be changed. */
  loadCode(id: string): Bytes | null;
  /**
   * Reads the code of a version so that {@link loadCode} finds it in memory, if it is small. Gives false where there is no
   * room for more.
   */
  readCodeAhead(id: string): boolean;
  /** A version of this worker, without its code. */
  findVersion(account: string, worker: string, id: string): VersionSummary | null;
  /** Id of the worker's version that a preview's host names: by the first eight digits of its id, or by its alias. */
  findPreview(account: string, worker: string, label: string): string | null;
  /** Newest first. */
  listVersions(account: string, worker: string): VersionSummary[];
  /** Newest first. */
  listDeployments(account: string, worker: string): DeploymentRecord[];
  /** Removes a worker with its versions, deployments and routes. False: there was none. */
  deleteWorker(account: string, worker: string): boolean;
  /** The worker's patterns, sorted. */
  routes(account: string, worker: string): string[];
  /**
   * Replaces the worker's routes.
   * @throws {RouteTaken} if a pattern belongs to another worker.
   * @throws {ControlConflict} `NO_SUCH_WORKER`.
   */
  setRoutes(account: string, worker: string, routes: readonly string[]): void;

  /**
   * The number of the account's namespace `id`, which is made if it is new (and the account with it).
   * A title that is given replaces the one before.
   * @throws {ControlConflict} `TOO_MANY` if the account may have no more.
   * Ids belong to their account: two accounts may use the same one for two namespaces.
   */
  ensureNamespace(request: { account: string; id: string; title?: string; nowMs: number }): number;
  listNamespaces(account: string): NamespaceRecord[];
  namespace(account: string, id: string): NamespaceRecord | null;
  /** Removes the record; the caller then drops the number it gets in the `KvStore`. Null: there was none. */
  deleteNamespace(account: string, id: string): number | null;

  close(): void;
}
