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

/**
 * Finds what a host and path lead to. It never changes once made: a new set of routes is a new table,
 * so a look-up sees all of a change or nothing of it.
 *
 * The most specific pattern wins: an exact host before a wildcard, a longer host before a shorter, an
 * exact path before a prefix, a longer prefix before a shorter. A host whose paths do not fit gives way
 * to the next one.
 */
export class RouteTable<T> {
  readonly #hosts: Record<Exclude<HostMatch, "any">, Map<string, PathTable<T>>> = {
    exact: new Map(),
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
    const name = normalizeHost(host);
    if (name === null) return null;
    const query = path.search(/[?#]/);
    const bare = query === -1 ? path : path.slice(0, query);
    return this.#matchHost(name, bare, scheme) ?? this.#anyHost.match(bare, scheme);
  }

  #matchHost(name: string, path: string, scheme: Scheme): T | null {
    const exact = this.#hosts.exact.get(name)?.match(path, scheme) ?? null;
    if (exact !== null || name.startsWith("[")) return exact;
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
