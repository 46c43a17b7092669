import type { Control, WorkerInfo } from "../../src/index.ts";
import { scriptNotFound } from "./api-error.ts";

/** What Cloudflare's API keeps with a worker beside its versions. */
export interface CloudflareSettings {
  /** The worker answers at its own name under the workers' domain. */
  readonly subdomain: boolean;
  readonly previews: boolean;
  readonly routes: readonly string[];
  readonly domains: readonly string[];
  readonly tags: readonly string[] | null;
  readonly tailConsumers: readonly unknown[];
  readonly observability: unknown;
  readonly logpush: boolean;
}

const DEFAULTS: CloudflareSettings = {
  subdomain: false,
  previews: false,
  routes: [],
  domains: [],
  tags: null,
  tailConsumers: [],
  observability: { enabled: false },
  logpush: false,
};
const KEY = "cloudflare";

/** @throws ApiError 404 */
export function mustFind(control: Control, account: string, name: string): WorkerInfo {
  const worker = control.worker(name, account);
  if (worker === undefined) throw scriptNotFound();
  return worker;
}

export function settingsOf({ settings }: WorkerInfo): CloudflareSettings {
  return { ...DEFAULTS, ...(settings[KEY] as Partial<CloudflareSettings> | undefined) };
}

/**
 * Changes settings, and the routes that follow from them.
 * @param ownRoute The pattern of the worker's own name.
 * @throws SkerryError `NO_SUCH_WORKER`, `ROUTE_TAKEN`; ApiError 404. Nothing has changed then.
 */
export async function changeSettings(
  control: Control,
  account: string,
  name: string,
  ownRoute: string,
  change: Partial<CloudflareSettings>,
): Promise<CloudflareSettings> {
  const worker = mustFind(control, account, name);
  const before = settingsOf(worker);
  const after = { ...before, ...change };
  const made = routesOf(before, ownRoute);
  const wanted = routesOf(after, ownRoute);
  // Routes that came by another way stay as they are.
  const others = worker.routes.filter((route) => !made.includes(route) && !wanted.includes(route));
  const routes = [...new Set([...others, ...wanted])];
  if (routes.toSorted().join("\n") !== worker.routes.toSorted().join("\n"))
    await control.setRoutes(name, routes, account);
  control.setSettings(name, { ...worker.settings, [KEY]: after }, account);
  return after;
}

function routesOf({ subdomain, routes, domains }: CloudflareSettings, ownRoute: string): string[] {
  return [...(subdomain ? [ownRoute] : []), ...routes, ...domains.map((domain) => `${domain}/*`)];
}
