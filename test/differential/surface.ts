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

/** What Skerry lacks of workerd's surface, without V8's own names. */
export interface SurfaceGaps {
  /** Names that workerd has, with the members that Skerry lacks; null where it lacks the name. */
  readonly names: Readonly<Record<string, readonly string[] | null>>;
  /** What Skerry has of `cloudflare:workers` and of `ctx`. */
  readonly has: Surface;
}

/** Compares what both answered. */
export function surfaceGaps(all: readonly Asked[]): SurfaceGaps {
  const answers = all.find(({ area }) => area === SURFACE_AREA)?.answers.get(DATES[1]);
  if (answers === undefined) throw new Error("nobody asked for the surface");
  const v8 = namesOfV8();
  const skerry = JSON.parse(answers.skerry.body) as Surface;
  const workerd = JSON.parse(answers.workerd.body) as Surface;
  const names = Object.keys(workerd)
    .filter((name) => !v8.has(name) && !LISTENERS.has(name))
    .toSorted();
  const gapOf = (name: string): readonly string[] | null => {
    const own = skerry[name];
    if (own === undefined) return null;
    // The scopes hold all else. Where the standard wants an own property, no prototype has it.
    return SCOPES.has(name) ? [] : workerd[name]!.filter((key) => !own.includes(key) && key !== "isTrusted");
  };
  return {
    names: Object.fromEntries(names.map((name) => [name, gapOf(name)])),
    has: { "cloudflare:workers": skerry["cloudflare:workers"] ?? [], ctx: skerry["ctx"] ?? [] },
  };
}

const SCOPES: ReadonlySet<string> = new Set(["ServiceWorkerGlobalScope", "WorkerGlobalScope"]);

/** Handlers of the global object, which are null until somebody sets them. */
const LISTENERS: ReadonlySet<string> = new Set(["onerror", "onunhandledrejection", "onrejectionhandled"]);
