import { normalizeHost } from "./host-name.ts";
import { InvalidRoute } from "./invalid-route.ts";
import { parseRoute } from "./parse-route.ts";
import { PathTable } from "./path-table.ts";
import type { HostMatch } from "./parse-route.ts";
import type { Scheme } from "./path-table.ts";

/** A pattern and what it leads to. */
export interface RouteEntry<T> {
  readonly pattern: string;
  readonly target: T;
}

/** What a host and path lead to. */
export interface Found<T> {
  readonly target: T;
  /** The version that the host names, where its pattern is one of versions. */
  readonly version: string | null;
}

/**
 * Finds what a host and path lead to. It never changes once made: a new set of routes is a new table,
 * so a look-up sees all of a change or nothing of it.
 *
 * The most specific pattern wins: an exact host before one that names a version, and that before a wildcard, a
 * longer host before a shorter, an exact path before a prefix, a longer prefix before a shorter. A host whose paths
 * do not fit gives way to the next one.
 */
export class RouteTable<T> {
  readonly #hosts: Record<Exclude<HostMatch, "any">, Map<string, PathTable<T>>> = {
    exact: new Map(),
    version: new Map(),
    below: new Map(),
    "at-or-below": new Map(),
  };
  readonly #anyHost = new PathTable<T>();

  private constructor(entries: Iterable<RouteEntry<T>>) {
    for (const { pattern, target } of entries) {
      const route = parseRoute(pattern);
      const paths = route.hostMatch === "any" ? this.#anyHost : this.#pathsOf(route.hostMatch, route.host);
      if (!paths.add(route, target))
        throw new InvalidRoute(pattern, "another route takes the same host and path");
    }
  }

  /**
   * Makes a table.
   *
   * @throws {InvalidRoute} for a pattern that is malformed, or the same as another's.
   * @example
   * const table = RouteTable.from([{ pattern: "example.com/*", target: "site" }]);
   * table.match("EXAMPLE.com:443", "/about"); // "site"
   */
  static from<T extends {}>(entries: Iterable<RouteEntry<T>>): RouteTable<T> {
    return new RouteTable(entries);
  }

  /**
   * @param host As in a `Host` header: case, port and a trailing dot do not matter.
   * @param path The URL's path, undecoded; a query is ignored.
   * @param scheme Where it is given, routes that name the other scheme do not count.
   */
  match(host: string, path: string, scheme: Scheme = null): T | null {
    return this.find(host, path, scheme)?.target ?? null;
  }

  /** The same, with the version that the host names. */
  find(host: string, path: string, scheme: Scheme = null): Found<T> | null {
    const name = normalizeHost(host);
    if (name === null) return null;
    const query = path.search(/[?#]/);
    const bare = query === -1 ? path : path.slice(0, query);
    const exact = this.#hosts.exact.get(name)?.match(bare, scheme) ?? null;
    if (exact !== null) return { target: exact, version: null };
    const named = this.#findVersion(name, bare, scheme);
    if (named !== null) return named;
    const target = this.#matchWildcard(name, bare, scheme) ?? this.#anyHost.match(bare, scheme);
    return target === null ? null : { target, version: null };
  }

  /** A host that names a version: the longest rest of its first label that a pattern has. */
  #findVersion(name: string, path: string, scheme: Scheme): Found<T> | null {
    if (this.#hosts.version.size === 0) return null;
    const label = name.slice(0, Math.max(0, name.indexOf(".")));
    for (let dash = label.indexOf("-"); dash !== -1; dash = label.indexOf("-", dash + 1)) {
      const target = this.#hosts.version.get(name.slice(dash + 1))?.match(path, scheme) ?? null;
      if (target !== null) return { target, version: name.slice(0, dash) };
    }
    return null;
  }

  #matchWildcard(name: string, path: string, scheme: Scheme): T | null {
    if (name.startsWith("[")) return null;
    let found = this.#hosts["at-or-below"].get(name)?.match(path, scheme) ?? null;
    let dot = name.indexOf(".");
    while (found === null && dot !== -1) {
      const parent = name.slice(dot + 1);
      found =
        this.#hosts.below.get(parent)?.match(path, scheme) ??
        this.#hosts["at-or-below"].get(parent)?.match(path, scheme) ??
        null;
      dot = name.indexOf(".", dot + 1);
    }
    return found;
  }

  #pathsOf(hostMatch: Exclude<HostMatch, "any">, host: string): PathTable<T> {
    const hosts = this.#hosts[hostMatch];
    let paths = hosts.get(host);
    if (paths === undefined) hosts.set(host, (paths = new PathTable()));
    return paths;
  }
}
