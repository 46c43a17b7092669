import { deployLoaded } from "../../src/cli/deploy-loaded.ts";
import {
  createHost,
  type EventRecord,
  type Host,
  type HostOptions,
  type LogRecord,
  type Worker,
} from "../../src/index.ts";
import { loadWorker } from "../../wrangler-compat/load-worker.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

/** An example that answers on a port of its own. */
export interface RunningExample extends AsyncDisposable {
  readonly host: Host;
  readonly worker: Worker;
  /** Without a slash at its end. */
  readonly url: string;
  readonly events: readonly EventRecord[];
  readonly logs: readonly LogRecord[];
}

/** Serves one of the examples as it stands in the repository, in the kind of cell that is under test. */
export async function startExample(name: string, options: HostOptions = {}): Promise<RunningExample> {
  const events: EventRecord[] = [];
  const logs: LogRecord[] = [];
  const cell = process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process";
  const host = await createHost({
    cell,
    cells: 1,
    limits: WIDE_LIMITS,
    onEvent: (record) => events.push(record),
    onLog: (record) => logs.push(record),
    ...options,
  });
  try {
    const worker = await deployLoaded(host, await loadWorker(`examples/${name}`), { routes: ["*/*"] });
    const { url } = await host.listen({ port: 0 });
    return { host, worker, url, events, logs, [Symbol.asyncDispose]: () => host.close() };
  } catch (error) {
    await host.close();
    throw error;
  }
}
