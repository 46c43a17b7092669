import type { AssetConfig } from "../../../src/index.ts";
import { ApiError, Code } from "../api-error.ts";

/** Names of Cloudflare's API, and those of this host. */
const FIELDS: Readonly<Record<string, keyof AssetConfig>> = {
  html_handling: "htmlHandling",
  not_found_handling: "notFoundHandling",
  run_worker_first: "runWorkerFirst",
  _headers: "headers",
  _redirects: "redirects",
};

/**
 * How assets shall be served, as an upload says it. Values are the host's to check.
 * @throws ApiError 400 for fields that are not known
 */
export function readAssetConfig(config: unknown): AssetConfig {
  if (config === undefined || config === null) return {};
  if (typeof config !== "object" || Array.isArray(config))
    throw refused("metadata.assets.config is no object");
  const { serve_directly, ...fields } = config as Record<string, unknown>;
  const entries = Object.entries(fields).map(([field, value]): [string, unknown] => {
    const name = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    if (name === undefined)
      throw refused(`this host does not know metadata.assets.config.${field.slice(0, 64)}`);
    return [name, value];
  });
  // An older name of the contrary.
  if (serve_directly === false) entries.unshift(["runWorkerFirst", true]);
  return Object.fromEntries(entries) as AssetConfig;
}

function refused(message: string): ApiError {
  return new ApiError(400, Code.scriptRefused, message);
}
