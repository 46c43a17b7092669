import { SkerryError } from "../errors/skerry-error.ts";
import { parseRoute, type Route } from "./parse-route.ts";

/** A route on a host that its account may not claim. */
export class RouteNotAllowed extends SkerryError {
  constructor(pattern: string, hosts: readonly string[]) {
    const allowed = hosts.length === 0 ? "none" : hosts.map((host) => `"${host}"`).join(", ");
    super(
      "ROUTE_NOT_ALLOWED",
      `route "${pattern}" is on a host that is not this account's; its hosts are ${allowed}`,
    );
  }
}

/**
 * Checks that routes are on hosts that their account may claim.
 * @param hosts Host parts of patterns, such as `acme.example` and `*.acme.example`; undefined allows all.
 * @throws RouteNotAllowed for the first that is not.
 */
export function checkClaims(routes: readonly string[], hosts: readonly string[] | undefined): void {
  if (hosts === undefined) return;
  const allowed = hosts.map((host) => parseRoute(host));
  for (const pattern of routes) {
    const route = parseRoute(pattern);
    if (!allowed.some((host) => covers(host, route))) throw new RouteNotAllowed(pattern, hosts);
  }
}

/** Whether every host that a route takes is among those of `allowed`. */
function covers(allowed: Route, route: Route): boolean {
  if (allowed.hostMatch === "any") return true;
  if (route.hostMatch === "any") return false;
  const isBelow = route.host.endsWith(`.${allowed.host}`);
  const isSame = route.host === allowed.host;
  switch (allowed.hostMatch) {
    case "exact":
      return isSame && route.hostMatch === "exact";
    // Such a route is among the hosts of its domain only.
    case "version":
      return isSame && route.hostMatch === "version";
    case "below":
      return isBelow || (isSame && route.hostMatch === "below");
    case "at-or-below":
      return isBelow || (isSame && route.hostMatch !== "version");
  }
}
