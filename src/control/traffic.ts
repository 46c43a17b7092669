import { flatHeader } from "../dispatch/flat-header.ts";
import { pickShare } from "../route/pick-share.ts";
import type { Version } from "../versions/version.ts";

/** A version and its part of its worker's traffic. */
export interface VersionTraffic {
  readonly version: Version;
  /** Above 0; 100 in all. */
  readonly percent: number;
}

/** Requests with the same value go to the same version while the deployment stays. */
const KEY_HEADER = "cloudflare-workers-version-key";
/** `worker="version id"`, several by commas: asks for one of the versions that take traffic. */
const OVERRIDE_HEADER = "cloudflare-workers-version-overrides";

/**
 * The version that answers a request. Where several share the traffic, the request may ask for one of them
 * by header, or for the same one each time.
 *
 * @see https://developers.cloudflare.com/workers/configuration/versions-and-deployments/gradual-deployments/
 */
export function pickVersion(traffic: readonly VersionTraffic[], headers: string): Version {
  const [first] = traffic;
  if (traffic.length === 1 && first !== undefined) return first.version;
  const asked = askedFor(traffic, headers);
  if (asked !== undefined) return asked.version;
  const key = flatHeader(headers, KEY_HEADER);
  return pickShare(traffic, idOf, key === "" ? null : key).version;
}

function idOf({ version }: VersionTraffic): string {
  return version.id;
}

function askedFor(traffic: readonly VersionTraffic[], headers: string): VersionTraffic | undefined {
  const overrides = flatHeader(headers, OVERRIDE_HEADER);
  if (overrides === "") return undefined;
  for (const entry of overrides.split(",")) {
    const match = /^\s*([\w-]+)\s*=\s*"([\w-]+)"\s*$/.exec(entry);
    const found = traffic.find(({ version }) => version.worker === match?.[1] && version.id === match[2]);
    if (found !== undefined) return found;
  }
  return undefined;
}
