import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WRANGLERS } from "../wrangler-compat/wranglers.ts";
import type { ProjectResult } from "./project.ts";
import { PROJECTS } from "./projects.ts";

const FILE = join(import.meta.dirname, "results.json");

/** What came of projects when they were last tried, by name and wrangler. */
export function readResults(): Map<string, ProjectResult> {
  const list = JSON.parse(readFileSync(FILE, "utf8")) as ProjectResult[];
  return new Map(list.map((result) => [`${result.name} ${result.wrangler}`, result]));
}

/** Keeps results of projects that are in the list, in its order; `npm run fix` brings the file into form. */
export function writeResults(results: ReadonlyMap<string, ProjectResult>): void {
  const inOrder = PROJECTS.flatMap(({ name }) =>
    WRANGLERS.flatMap((wrangler) => {
      const result = results.get(`${name} ${wrangler}`);
      // Paths of one machine say nothing to others.
      return result === undefined
        ? []
        : [{ ...result, detail: result.detail.replaceAll(/\S*node_modules\//g, "node_modules/") }];
    }),
  );
  writeFileSync(FILE, `${JSON.stringify(inOrder, null, 2)}\n`);
}
