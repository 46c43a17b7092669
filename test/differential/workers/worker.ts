import type { CaseModules, CaseRequest, DifferentialWorker } from "../differential-case.ts";

type More = Partial<Omit<DifferentialWorker, "name" | "area" | "modules">>;

/** A worker of an area, asked once at `/` unless `more` says otherwise. */
export function worker(
  area: string,
  name: string,
  modules: CaseModules | string,
  more: More = {},
): DifferentialWorker {
  return {
    name,
    area,
    modules: typeof modules === "string" ? { "index.js": modules } : modules,
    requests: [{ name: "asked", path: "/" }],
    ...more,
  };
}

/** Requests by the paths that they ask for. */
export function asking(...paths: readonly string[]): CaseRequest[] {
  return paths.map((path) => ({ name: path, path }));
}
