import type { PlugInBindingOptions } from "../bindings/plug-in/plug-in-options.ts";
import type { RateLimitOptions } from "../bindings/rate-limit/rate-limit-options.ts";
import type { AssetInfo } from "../assets/worker-assets.ts";
import type { ServiceBindingOptions, WorkerUpload } from "../host-options.ts";
import type { Limits } from "../limits/limits.ts";
import type { TailListener } from "../meter/tail-feed.ts";
import type { AssetControl } from "./asset-control.ts";
import type { KvControl } from "./kv-control.ts";
import type { SecretControl } from "./secret-control.ts";
import type { TokenControl } from "./token-control.ts";

/** What people say about a version or deployment, such as `message`, `tag`, `author`: kept, shown, never acted upon. */
export type Note = Readonly<Record<string, string>>;

/** A stored version of a worker. It never changes. */
export interface VersionInfo {
  readonly id: string;
  /** 1 for the worker's first version, and so on. */
  readonly number: number;
  readonly createdAtMs: number;
  readonly note: Note;
  /** Its name in routes that name a version. */
  readonly alias?: string;
  readonly compatibilityDate: string | null;
  readonly compatibilityFlags: readonly string[];
  readonly vars: Readonly<Record<string, unknown>>;
  readonly kvNamespaces: readonly { readonly binding: string; readonly id: string }[];
  readonly services: readonly ServiceBindingOptions[];
  readonly rateLimits: readonly RateLimitOptions[];
  readonly versionMetadata: readonly string[];
  readonly plugIns: readonly PlugInBindingOptions[];
  /** Its static assets; null where it has none. */
  readonly assets: AssetInfo | null;
  /** Whether it has code, or only assets. */
  readonly hasCode: boolean;
  /** Names of its secrets, sorted. */
  readonly secretNames: readonly string[];
  /** Limits that its upload asked for itself. */
  readonly limits: Partial<Limits>;
  /** What it answers: `fetch`, `scheduled` and so on. Left out by versions of hosts that did not keep it. */
  readonly handlers?: readonly string[];
  /** How long compiling and evaluating it took when it was uploaded, in ms. */
  readonly startupMs: number;
  /** Size of the code as it is stored. */
  readonly sizeBytes: number;
}

/** A version and its part of the traffic, in percent. */
export interface VersionPercent {
  readonly versionId: string;
  /** Above 0; 100 in all. */
  readonly percent: number;
}

/** Which versions took traffic from when on. */
export interface DeploymentInfo {
  readonly id: number;
  readonly createdAtMs: number;
  readonly note: Note;
  readonly versions: readonly VersionPercent[];
}

/** A worker, whether it takes traffic or not. */
export interface WorkerInfo {
  readonly name: string;
  readonly createdAtMs: number;
  readonly routes: readonly string[];
  /** Cron triggers, in UTC. */
  readonly crons: readonly string[];
  /** Workers that are told of its events. */
  readonly tailConsumers: readonly string[];
  /** What a client of this interface keeps with the worker: plain JSON, never acted upon. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What shall be different about a worker. */
export interface WorkerChange {
  readonly routes?: readonly string[];
  /** Workers of the account, which have to be there. */
  readonly tailConsumers?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * All that can be changed in a host while it runs: the public face on which command line, REST APIs and embedders
 * build. Accounts are named by whoever calls: who may name which is for the caller to check.
 */
export interface Control {
  /**
   * Checks, transforms, starts once and stores a version. What takes traffic stays as it is.
   * @throws SkerryError `INVALID_UPLOAD`, `INVALID_LIMITS`, `INVALID_ASSETS`, `ASSETS_FULL`, `SCRIPT_REFUSED`. Nothing has changed then.
   */
  uploadVersion(upload: WorkerUpload, note?: Note): Promise<VersionInfo>;
  /**
   * The same, and gives the version all traffic.
   * @throws SkerryError as above, and `ROUTE_TAKEN`.
   */
  deploy(upload: WorkerUpload, note?: Note): Promise<VersionInfo>;
  /**
   * Shares a worker's traffic among stored versions, each of which is started before it takes any. Requests that
   * are under way end where they began.
   * @throws SkerryError `NO_SUCH_VERSION`, `BAD_DEPLOYMENT`, `SCRIPT_REFUSED`. Nothing has changed then.
   * @example
   * await control.deployVersions("shop", [{ versionId: old, percent: 90 }, { versionId: fresh, percent: 10 }]);
   */
  deployVersions(
    name: string,
    versions: readonly VersionPercent[],
    account?: string,
    note?: Note,
  ): Promise<DeploymentInfo>;
  /** Newest first. */
  versions(name: string, account?: string): VersionInfo[];
  version(id: string, name: string, account?: string): VersionInfo | undefined;
  /** Newest first; the first one is in force. */
  deployments(name: string, account?: string): DeploymentInfo[];
  /** Accounts that have ever had a worker or a namespace, by name. */
  accounts(): string[];
  workers(account?: string): WorkerInfo[];
  worker(name: string, account?: string): WorkerInfo | undefined;
  /**
   * Replaces the patterns that lead to a worker, at most 1,000.
   * @throws SkerryError `NO_SUCH_WORKER`, `ROUTE_TAKEN`, `ROUTE_NOT_ALLOWED`, `INVALID_ROUTE`, `INVALID_UPLOAD`.
   */
  setRoutes(name: string, routes: readonly string[], account?: string): Promise<void>;
  /**
   * Replaces the cron triggers of a worker.
   * @throws SkerryError `NO_SUCH_WORKER`, `INVALID_CRON`.
   */
  setCrons(name: string, crons: readonly string[], account?: string): void;
  /**
   * Changes routes and settings together, in order with all else that changes the worker.
   * @param change Is told how the worker is by then, and says what shall be; what it leaves out stays.
   * @throws SkerryError as `setRoutes`; `INVALID_UPLOAD` for tail consumers, `INVALID_SETTINGS` for more than 128 KiB of JSON. Nothing has changed then.
   */
  update(name: string, change: (worker: WorkerInfo) => WorkerChange, account?: string): Promise<void>;
  /**
   * Tells of each event of a worker when it is over, with what it logged.
   * @returns a function that ends it
   * @throws SkerryError `NO_SUCH_WORKER`.
   */
  tail(name: string, listener: TailListener, account?: string): () => void;
  /** Workers whose events a worker is told of, sorted. */
  tailProducers(consumer: string, account?: string): string[];
  /** Removes a worker with its versions and routes. @returns Whether it was there. */
  delete(name: string, account?: string): Promise<boolean>;
  readonly secrets: SecretControl;
  readonly kv: KvControl;
  readonly assets: AssetControl;
  readonly tokens: TokenControl;
}
