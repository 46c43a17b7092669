import type { Route } from "./parse-route.ts";

/** The scheme of a request; null where it does not matter. */
export type Scheme = "http" | "https" | null;

/** Key before a path whose route names no scheme. No scheme is spelt like this. */
const ANY = "";

/**
 * The routes of one host pattern by path. Exact paths come first, then prefixes from the longest to
 * the shortest. A prefix is found by a look-up for each length that occurs, not for each route.
 */
export class PathTable<T> {
  readonly #exact = new Map<string, T>();
  readonly #prefixes = new Map<string, T>();
  #lengths: number[] = [];

  /** @returns false if the same path and scheme are there already. */
  add(route: Route, target: T): boolean {
    const key = (route.scheme ?? ANY) + route.path;
    const table = route.prefix ? this.#prefixes : this.#exact;
    if (table.has(key)) return false;
    table.set(key, target);
    if (route.prefix && !this.#lengths.includes(route.path.length)) {
      this.#lengths.push(route.path.length);
      this.#lengths.sort((a, b) => b - a);
    }
    return true;
  }

  match(path: string, scheme: Scheme): T | null {
    const exact = find(this.#exact, path, scheme);
    if (exact !== undefined) return exact;
    for (const length of this.#lengths) {
      if (length > path.length) continue;
      const found = find(this.#prefixes, path.slice(0, length), scheme);
      if (found !== undefined) return found;
    }
    return null;
  }
}

function find<T>(table: ReadonlyMap<string, T>, path: string, scheme: Scheme): T | undefined {
  if (scheme !== null) return table.get(scheme + path) ?? table.get(ANY + path);
  return table.get(ANY + path) ?? table.get(`https${path}`) ?? table.get(`http${path}`);
}
