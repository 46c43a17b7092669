import { type LoadedWorker, loadWorker } from "../../wrangler-compat/load-worker.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { createHost, type EventRecord, type Worker } from "../index.ts";
import { deployLoaded } from "./deploy-loaded.ts";

/** What `skerry bench` can be told. */
export interface BenchOptions {
  readonly path: string;
  readonly cold: number;
  readonly warm: number;
  readonly concurrency: number;
  readonly cell?: "process" | "in-process";
}

/** Measures cold starts and warm requests of a worker, and prints a table. */
export async function bench(folder: string, options: BenchOptions): Promise<void> {
  const loaded = await loadWorker(folder);
  const cell = options.cell ?? (process.execArgv.includes("--no-node-snapshot") ? "in-process" : "process");
  const cold = await measureCold(loaded, options, cell);
  const warm = await measureWarm(loaded, options, cell);
  const rows = [
    ["", "p50", "p99", "max", "count"],
    ["cold start to head, ms", ...spread(cold)],
    ["warm request to head, ms", ...spread(warm.times)],
  ];
  for (const [label = "", ...cells] of rows) {
    process.stdout.write(`${label.padEnd(26)}${cells.map((text) => text.padStart(10)).join("")}\n`);
  }
  process.stdout.write(
    `${Math.round(warm.perSecond)} warm requests a second, ${options.concurrency} at once\n`,
  );
  process.stdout.write(`${cell} cell, Node ${process.version}, V8 ${process.versions.v8}\n`);
}

/** Two copies of the worker take turns in a host that keeps one isolate: every request starts one. */
async function measureCold(
  loaded: LoadedWorker,
  options: BenchOptions,
  cell: "process" | "in-process",
): Promise<number[]> {
  const times: number[] = [];
  const onEvent = ({ cold, headMs }: EventRecord): void => {
    if (cold && headMs !== null) times.push(headMs);
  };
  await using host = await createHost({ cell, cells: 1, warm: { maxIsolates: 1 }, onEvent });
  const workers: Worker[] = [];
  for (const name of ["a", "b"]) workers.push(await deployLoaded(host, loaded, { name, routes: [] }));
  // The isolates that deploying left warm, and records that come late, ask for some more.
  for (let asked = 0; times.length < options.cold && asked < options.cold * 3 + 10; asked++) {
    const worker = workers[asked % workers.length];
    if (worker) await ask(worker, options.path);
  }
  return times.slice(0, options.cold);
}

async function measureWarm(
  loaded: LoadedWorker,
  options: BenchOptions,
  cell: "process" | "in-process",
): Promise<{ times: number[]; perSecond: number }> {
  await using host = await createHost({ cell, cells: 1 });
  const worker = await deployLoaded(host, loaded, { routes: [] });
  for (let count = 0; count < 50; count++) await ask(worker, options.path);
  const times: number[] = [];
  let left = options.warm;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: options.concurrency }, async () => {
      while (left-- > 0) {
        const asked = performance.now();
        await ask(worker, options.path);
        times.push(performance.now() - asked);
      }
    }),
  );
  return { times, perSecond: (times.length / (performance.now() - started)) * 1000 };
}

async function ask(worker: Worker, path: string): Promise<void> {
  const response = await worker.fetch(new URL(path, "http://bench.localhost"));
  await response.arrayBuffer();
  if (response.status >= 500) {
    throw new SkerryError(
      "BENCH_FAILED",
      `the worker answers ${path} with status ${response.status}; measure a path that works`,
    );
  }
}

function spread(times: readonly number[]): readonly string[] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(2);
  return [at(0.5), at(0.99), at(1), String(times.length)];
}
