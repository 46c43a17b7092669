import { InvalidRoute } from "./invalid-route.ts";
import { normalizeHost } from "./host-name.ts";

/**
 * Which hosts a pattern takes: one (`exact`), those that name a version before one (`version`, written
 * `{version}-shop.example.com`), all below one (`below`, written `*.example.com`), one and all below it
 * (`at-or-below`, written `*example.com`), or every host (`any`, written `*`).
 */
export type HostMatch = "exact" | "version" | "below" | "at-or-below" | "any";

/** Stands where a host names a version: by the first eight digits of its id, or by its alias. */
export const VERSION_LABEL = "{version}-";

/** A route pattern, taken apart. */
export interface Route {
  /** `null` takes both. */
  readonly scheme: "http" | "https" | null;
  readonly hostMatch: HostMatch;
  /** Normal form, without the wildcard or version; empty for `any`. */
  readonly host: string;
  /** Begins with `/`; without the wildcard. */
  readonly path: string;
  /** Whether the path takes all that begins with it. */
  readonly prefix: boolean;
}

/**
 * Takes a route pattern apart: `host/path` with an optional scheme, where the host may begin and the
 * path may end with `*`, as on Cloudflare. A pattern without a path takes the path `/` only.
 *
 * @throws {InvalidRoute} if the pattern is none.
 * @example
 * parseRoute("*.example.com/api/*"); // { hostMatch: "below", host: "example.com", path: "/api/", prefix: true, … }
 */
export function parseRoute(pattern: string): Route {
  let rest = pattern;
  let scheme: Route["scheme"] = null;
  const separator = rest.indexOf("://");
  if (separator !== -1) {
    const name = rest.slice(0, separator).toLowerCase();
    if (name !== "http" && name !== "https" && name !== "*") {
      throw new InvalidRoute(pattern, `scheme "${name}" is neither "http" nor "https"`);
    }
    scheme = name === "*" ? null : name;
    rest = rest.slice(separator + 3);
  }
  const slash = rest.indexOf("/");
  const hostText = slash === -1 ? rest : rest.slice(0, slash);
  return {
    scheme,
    ...parseHost(pattern, hostText),
    ...parsePath(pattern, slash === -1 ? "/" : rest.slice(slash)),
  };
}

function parseHost(pattern: string, text: string): Pick<Route, "hostMatch" | "host"> {
  if (text === "") throw new InvalidRoute(pattern, "it has no host");
  if (text === "*") return { hostMatch: "any", host: "" };
  let hostMatch: HostMatch = "exact";
  let name = text;
  if (name.startsWith(VERSION_LABEL)) {
    hostMatch = "version";
    name = name.slice(VERSION_LABEL.length);
  } else if (name.startsWith("*.")) {
    hostMatch = "below";
    name = name.slice(2);
  } else if (name.startsWith("*")) {
    hostMatch = "at-or-below";
    name = name.slice(1);
  }
  if (name.includes("*"))
    throw new InvalidRoute(pattern, "a wildcard in the host may only stand at its beginning");
  if (/:\d*$/.test(name.replace(/^\[[^\]]*\]/, ""))) {
    throw new InvalidRoute(pattern, "a route has no port: it is the same on every port");
  }
  const host = normalizeHost(name);
  if (host === null) throw new InvalidRoute(pattern, `"${name}" is no host name`);
  if (hostMatch !== "exact" && host.startsWith("["))
    throw new InvalidRoute(pattern, "an address cannot have a wildcard");
  if (hostMatch === "version" && !host.includes("."))
    throw new InvalidRoute(
      pattern,
      `after "${VERSION_LABEL}" stands a name with a domain, such as shop.example.com`,
    );
  return { hostMatch, host };
}

function parsePath(pattern: string, text: string): Pick<Route, "path" | "prefix"> {
  const prefix = text.endsWith("*");
  const path = prefix ? text.slice(0, -1) : text;
  if (path.includes("*")) throw new InvalidRoute(pattern, "a wildcard in the path may only stand at its end");
  if (/[?#]/.test(path)) throw new InvalidRoute(pattern, "a route cannot hold a query or fragment");
  if (/[^\x21-\x7e]/.test(path)) {
    throw new InvalidRoute(pattern, "the path must be printable ASCII; write other characters as %XX");
  }
  return { path, prefix };
}
