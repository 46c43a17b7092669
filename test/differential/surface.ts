import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { DATES, type DifferentialWorker } from "./differential-case.ts";
import type { Asked } from "./judge.ts";

/** Members of each global, of `cloudflare:workers` and of `ctx`, by name. */
export type Surface = Readonly<Record<string, readonly string[]>>;

/** Not judged check by check: what it answers is a table of its own. */
export const SURFACE_AREA = "surface";

/** A worker that tells what there is. */
export const SURFACE_WORKER: DifferentialWorker = {
  name: "surface",
  area: SURFACE_AREA,
  modules: { "surface.js": readFileSync(join(import.meta.dirname, "in-worker/surface.js"), "utf8") },
  requests: [{ name: "all", path: "/" }],
  dates: [DATES[1]],
};

/** What V8 brings by itself, but for what runtimes add to. */
function namesOfV8(): ReadonlySet<string> {
  const names = runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[];
  return new Set(names.filter((name) => name !== "console" && name !== "WebAssembly"));
}

/** The two surfaces, without V8's own names. */
export function surfacesOf(all: readonly Asked[]): { readonly skerry: Surface; readonly workerd: Surface } {
  const answers = all.find(({ area }) => area === SURFACE_AREA)?.answers.get(DATES[1]);
  if (answers === undefined) throw new Error("nobody asked for the surface");
  const v8 = namesOfV8();
  const read = (body: string): Surface =>
    Object.fromEntries(
      Object.entries(JSON.parse(body) as Surface)
        .filter(([name]) => !v8.has(name) && !LISTENERS.has(name))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  return { skerry: read(answers.skerry.body), workerd: read(answers.workerd.body) };
}

/** Handlers of the global object, which are null until somebody sets them. */
const LISTENERS: ReadonlySet<string> = new Set(["onerror", "onunhandledrejection", "onrejectionhandled"]);
