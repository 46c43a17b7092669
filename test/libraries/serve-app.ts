import { join } from "node:path";
import { createHost, type HostOptions, type Worker } from "../../src/index.ts";
import { bundleWorker } from "../../wrangler-compat/bundle/bundle-worker.ts";

/** A worker built of a library as it comes from npm. */
export interface RunningApp extends AsyncDisposable {
  readonly worker: Worker;
  /** Asks the worker, and reads the answer. */
  ask(path: string, init?: RequestInit): Promise<{ status: number; text: string; headers: Headers }>;
  json(path?: string, init?: RequestInit): Promise<unknown>;
}

/** Bundles `apps/NAME` as a deploy does, and starts it in a process cell. */
export async function serveApp(
  name: string,
  vars: Record<string, string> = {},
  options: HostOptions = {},
): Promise<RunningApp> {
  const host = await createHost({
    cell: "process",
    cells: 1,
    limits: { cpuMs: 10_000, startupCpuMs: 10_000 },
    // What a worker logs is what tells why it failed.
    onLog: ({ level, text }) => console.log(level, text),
    egress: { allowAddresses: ["127.0.0.0/8"] },
    ...options,
  });
  try {
    const { main, modules, sourceMaps } = await bundleWorker(join(import.meta.dirname, "apps"), name);
    const worker = await host.deploy({ name: "app", main, modules, sourceMaps, vars });
    const ask: RunningApp["ask"] = async (path, init) => {
      const response = await worker.fetch(`http://app.test${path}`, init);
      return { status: response.status, text: await response.text(), headers: response.headers };
    };
    return {
      worker,
      ask,
      json: async (path = "/", init) => {
        const { text } = await ask(path, init);
        try {
          return JSON.parse(text) as unknown;
        } catch {
          throw new Error(`not JSON: ${text.slice(0, 2_000)}`);
        }
      },
      [Symbol.asyncDispose]: () => host.close(0),
    };
  } catch (error) {
    await host.close(0);
    throw error;
  }
}
