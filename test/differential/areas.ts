import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { CaseRequest, DifferentialWorker } from "./differential-case.ts";

/** What the file of an area exports. */
interface AreaFile {
  readonly default: Readonly<Record<string, unknown>>;
  /** How a case is asked, where that is more than a GET. */
  readonly requests?: Readonly<Record<string, Omit<CaseRequest, "name"> | readonly CaseRequest[]>>;
}

const FOLDER = import.meta.dirname;

/** Every area as one worker: a file of cases behind the harness, one request for each case. */
export async function areaWorkers(origin: string): Promise<DifferentialWorker[]> {
  const read = (name: string): string => readFileSync(join(FOLDER, name), "utf8");
  const harness = { "observe.js": read("in-worker/observe.js"), "show.js": read("in-worker/show.js") };
  const workers: DifferentialWorker[] = [];
  for (const file of globSync("areas/*.js", { cwd: FOLDER }).toSorted()) {
    const { default: cases, requests = {} } = (await import(`./${file}`)) as AreaFile;
    const area = basename(file, ".js");
    workers.push({
      name: area,
      area,
      modules: { "main.js": read("in-worker/main.js"), "area.js": read(file), ...harness },
      vars: { ORIGIN: origin },
      requests: Object.keys(cases).flatMap((name): CaseRequest[] => {
        const more = requests[name] ?? {};
        const path = `/${encodeURIComponent(name)}`;
        return Array.isArray(more)
          ? (more as readonly CaseRequest[]).map((one) => ({ path, ...one, name: `${name}, ${one.name}` }))
          : [{ path, ...(more as CaseRequest), name }];
      }),
    });
  }
  return workers;
}
