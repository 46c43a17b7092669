import { name, show } from "../../../src/config/document/config-reader.ts";
import type { ConfigScope } from "../config-scope.ts";

/** Where a worker answers. */
export interface Routes {
  readonly routes: readonly string[];
  /** Whether it answers at its own name as well; undefined where the config does not say. */
  readonly workersDev: boolean | undefined;
  /** Whether each version answers at a host of its own. */
  readonly previewUrls: boolean;
}

/** `routes`, `route`, `workers_dev` and `preview_urls`. Where both of the first are inherited or given, `routes` holds, as in wrangler. */
export function readRoutes(scope: ConfigScope): Routes {
  const { reader } = scope;
  const own = scope.environment ?? reader.root;
  if (Object.hasOwn(own.value, "route") && Object.hasOwn(own.value, "routes"))
    reader.problem([...own.path, "route"], '"route" stands beside "routes"; keep one of them');
  const workersDev = reader.boolean(scope.of("workers_dev"), "workers_dev");
  const previewUrls = reader.boolean(scope.of("preview_urls"), "preview_urls") ?? false;
  const isList = (value: unknown): value is unknown[] => Array.isArray(value);
  const section = scope.of("routes");
  const list = reader.read(section, "routes", "a list of routes", isList);
  const routes = list?.flatMap((route, index) => readRoute(scope, [...section.path, "routes", index], route));
  const single = scope.of("route");
  const one = scope.has("route")
    ? readRoute(scope, [...single.path, "route"], single.value["route"])
    : undefined;
  return { routes: routes ?? one ?? [], workersDev, previewUrls };
}

const KEYS = ["pattern", "zone_id", "zone_name", "custom_domain", "enabled", "previews_enabled"];

function readRoute(scope: ConfigScope, path: readonly (string | number)[], route: unknown): string[] {
  const { reader } = scope;
  if (typeof route === "string") return route === "" ? [] : [route];
  const isTable = typeof route === "object" && route !== null && !Array.isArray(route);
  const value = (isTable ? route : {}) as Record<string, unknown>;
  if (typeof value["pattern"] !== "string") {
    reader.problem(
      path,
      `${name(path)} is ${show(route)}; it must be a text such as "example.com/*", or a table with "pattern"`,
    );
    return [];
  }
  const section = { path, value };
  const isDomain = reader.boolean(section, "custom_domain") === true;
  for (const key of ["enabled", "previews_enabled"]) reader.boolean(section, key);
  for (const key of ["zone_id", "zone_name"]) reader.string(section, key);
  scope.warnUnknown(section, KEYS);
  if (value["enabled"] === false) return [];
  return [isDomain ? `${value["pattern"]}/*` : value["pattern"]];
}
