import { RouteTable } from "../route/route-table.ts";
import type { Version } from "../versions/version.ts";
import { pickVersion, type VersionTraffic } from "./traffic.ts";
import { workerKey } from "../ids/worker-key.ts";

/** A worker that takes traffic. */
export interface ActiveWorker {
  readonly account: string;
  readonly worker: string;
  /** At least one, the largest share first. */
  readonly traffic: readonly VersionTraffic[];
  readonly routes: readonly string[];
}

/** Finds a version that a host names, whether or not it takes traffic. */
export type FindPreview = (account: string, worker: string, label: string) => Version | null;

/** Which versions of each worker are active, and which routes lead to it. Swapped whole, never half. */
export class Catalog {
  readonly #workers = new Map<string, ActiveWorker>();
  readonly #preview: FindPreview;
  #table: RouteTable<string> | null = null;

  /** @param preview Answers hosts of routes that name a version. */
  constructor(preview: FindPreview = () => null) {
    this.#preview = preview;
  }

  /** Gives a worker its traffic and routes. @returns The versions that take none any more. */
  activate(active: ActiveWorker): Version[] {
    const key = workerKey(active.account, active.worker);
    const before = this.#workers.get(key);
    this.#workers.set(key, active);
    if (before === undefined || !sameRoutes(before.routes, active.routes)) this.#table = null;
    const kept = new Set(active.traffic.map(({ version }) => version.id));
    return versionsOf(before).filter(({ id }) => !kept.has(id));
  }

  /** Takes a worker out of traffic. @returns The versions that it had. */
  remove(account: string, worker: string): Version[] {
    const key = workerKey(account, worker);
    const before = this.#workers.get(key);
    this.#workers.delete(key);
    this.#table = null;
    return versionsOf(before);
  }

  get(account: string, worker: string): ActiveWorker | undefined {
    return this.#workers.get(workerKey(account, worker));
  }

  all(): Iterable<ActiveWorker> {
    return this.#workers.values();
  }

  /**
   * The version that answers a request to a host and path, or null.
   * @param headers Flat, as they came: they may say which of several versions is wanted.
   */
  route(host: string, path: string, headers = ""): Version | null {
    // Made anew at the first request after a change, so that a thousand deploys cost one table.
    this.#table ??= RouteTable.from(
      [...this.#workers].flatMap(([key, { routes }]) => routes.map((pattern) => ({ pattern, target: key }))),
    );
    const found = this.#table.find(host, path);
    const active = found === null ? undefined : this.#workers.get(found.target);
    if (found === null || active === undefined) return null;
    if (found.version === null) return pickVersion(active.traffic, headers);
    const preview = this.#preview(active.account, active.worker, found.version);
    return active.traffic.find(({ version }) => version.id === preview?.id)?.version ?? preview;
  }
}

function versionsOf(active: ActiveWorker | undefined): Version[] {
  return active?.traffic.map(({ version }) => version) ?? [];
}

function sameRoutes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((pattern, index) => pattern === b[index]);
}
