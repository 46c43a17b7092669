import type { Control, WorkerChange, WorkerInfo } from "../../src/index.ts";
import type { ApiOptions } from "./api-context.ts";
import { ApiError, Code, scriptNotFound } from "./api-error.ts";
import { ownRoute } from "./worker-address.ts";

/** What Cloudflare's API keeps with a worker beside its versions. */
export interface CloudflareSettings {
  /** The worker answers at its own name under the workers' domain. */
  readonly subdomain: boolean;
  /** Each version answers at a name of its own: `<first digits of its id>-<name of the worker>`. */
  readonly previews: boolean;
  readonly routes: readonly string[];
  readonly domains: readonly string[];
  readonly tags: readonly string[] | null;
  readonly observability: unknown;
  readonly logpush: boolean;
}

const DEFAULTS: CloudflareSettings = {
  subdomain: false,
  previews: false,
  routes: [],
  domains: [],
  tags: null,
  observability: { enabled: false },
  logpush: false,
};
const KEY = "cloudflare";

/** Of what an upload or a request says about a worker, beside routes. */
const MAX_CHARS = 16 * 1024;

/** What a request says about a worker: some of it is the host's own to keep. */
export type SettingsChange = Partial<CloudflareSettings> & Pick<WorkerChange, "tailConsumers">;

/** The names in a list of `tail_consumers`. @throws ApiError 400 */
export function readTailConsumers(value: unknown): readonly string[] {
  const names = (Array.isArray(value ?? []) ? ((value ?? []) as unknown[]) : [null]).map(
    (entry): unknown => Object(entry)["service"],
  );
  if (names.every((name) => typeof name === "string")) return names;
  throw new ApiError(400, Code.badJson, 'tail_consumers must be a list of objects with the text "service"');
}

/** @throws ApiError 400 if there is more than is kept with a worker */
export function checkSettings(settings: Partial<CloudflareSettings>): void {
  if (JSON.stringify(settings).length <= MAX_CHARS) return;
  const message = `The settings (tags, observability) have more than ${MAX_CHARS} characters as JSON`;
  throw new ApiError(400, Code.scriptRefused, message);
}

/** @throws ApiError 404 */
export function mustFind(control: Control, account: string, name: string): WorkerInfo {
  const worker = control.worker(name, account);
  if (worker === undefined) throw scriptNotFound();
  return worker;
}

export function settingsOf({ settings }: Pick<WorkerInfo, "settings">): CloudflareSettings {
  return { ...DEFAULTS, ...(settings[KEY] as Partial<CloudflareSettings> | undefined) };
}

/**
 * Changes settings, and the routes that follow from them.
 * @throws SkerryError `NO_SUCH_WORKER`, `ROUTE_TAKEN`, `INVALID_UPLOAD`; ApiError 404. Nothing has changed then.
 */
export async function changeSettings(
  options: ApiOptions,
  account: string,
  name: string,
  { tailConsumers, ...change }: SettingsChange,
): Promise<CloudflareSettings> {
  const own = ownRoute(options, account, name);
  let after = DEFAULTS;
  const make = (worker: WorkerInfo): WorkerChange => {
    const before = settingsOf(worker);
    after = { ...before, ...change };
    const made = new Set(routesOf(before, own));
    const wanted = new Set(routesOf(after, own));
    // Routes that came by another way stay as they are.
    const others = worker.routes.filter((route) => !made.has(route) && !wanted.has(route));
    const routes = [...others, ...wanted];
    const isSame = routes.toSorted().join("\n") === worker.routes.toSorted().join("\n");
    return {
      ...(!isSame && { routes }),
      ...(tailConsumers !== undefined && { tailConsumers }),
      settings: { ...worker.settings, [KEY]: after },
    };
  };
  await options.control.update(name, make, account);
  return after;
}

function routesOf({ subdomain, previews, routes, domains }: CloudflareSettings, own: string): string[] {
  return [
    ...(subdomain ? [own] : []),
    ...(previews ? [`{version}-${own}`] : []),
    ...routes,
    ...domains.map((domain) => `${domain}/*`),
  ];
}
