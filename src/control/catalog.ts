import { RouteTable } from "../route/route-table.ts";
import type { Version } from "../versions/version.ts";

/** A worker that takes traffic. */
export interface ActiveWorker {
  readonly version: Version;
  readonly routes: readonly string[];
}

/** Which version of each worker is active, and which routes lead to it. Swapped whole, never half. */
export class Catalog {
  readonly #workers = new Map<string, ActiveWorker>();
  #table: RouteTable<string> | null = null;

  /** Makes a version the active one of its worker. @returns The one before, if there was one. */
  activate(active: ActiveWorker): Version | undefined {
    const key = keyOf(active.version.account, active.version.worker);
    const before = this.#workers.get(key);
    this.#workers.set(key, active);
    if (before === undefined || !sameRoutes(before.routes, active.routes)) this.#table = null;
    return before?.version;
  }

  /** Takes a worker out of traffic. @returns Its version, if it was there. */
  remove(account: string, worker: string): Version | undefined {
    const key = keyOf(account, worker);
    const before = this.#workers.get(key);
    this.#workers.delete(key);
    this.#table = null;
    return before?.version;
  }

  get(account: string, worker: string): ActiveWorker | undefined {
    return this.#workers.get(keyOf(account, worker));
  }

  all(): Iterable<ActiveWorker> {
    return this.#workers.values();
  }

  /** The version that answers to a host and path, or null. */
  route(host: string, path: string): Version | null {
    // Made anew at the first request after a change, so that a thousand deploys cost one table.
    this.#table ??= RouteTable.from(
      [...this.#workers].flatMap(([key, { routes }]) => routes.map((pattern) => ({ pattern, target: key }))),
    );
    const key = this.#table.match(host, path);
    return key === null ? null : (this.#workers.get(key)?.version ?? null);
  }
}

function keyOf(account: string, worker: string): string {
  return `${account}\n${worker}`;
}

function sameRoutes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((pattern, index) => pattern === b[index]);
}
