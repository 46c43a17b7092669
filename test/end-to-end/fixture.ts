import { createHost, type EventRecord, type Host, type HostOptions, type LogRecord, type WorkerUpload } from "../../src/index.ts";

/** Both places where isolates can live; every end-to-end test runs in each. */
export const CELLS = ["in-process", "process"] as const;

/** A host with what it said, closed at the end of the scope. */
export interface Fixture extends AsyncDisposable {
  readonly host: Host;
  readonly events: EventRecord[];
  readonly logs: LogRecord[];
  readonly faults: unknown[];
}

/** Makes a host for one test. */
export async function makeHost(options: HostOptions = {}): Promise<Fixture> {
  const events: EventRecord[] = [];
  const logs: LogRecord[] = [];
  const faults: unknown[] = [];
  const host = await createHost({
    cells: 1,
    spares: 1,
    onEvent: (record) => events.push(record),
    onLog: (record) => logs.push(record),
    onInternalError: (error) => faults.push(error),
    ...options,
  });
  return {
    host, events, logs, faults,
    [Symbol.asyncDispose]: async () => await host.close(200),
  };
}

/** An upload with one ES module. */
export function upload(name: string, source: string, more: Partial<WorkerUpload> = {}): WorkerUpload {
  return { name, main: "index.js", modules: [{ name: "index.js", type: "esm", content: source }], ...more };
}

/** Waits until something is so; fails after a while that only a fault takes. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it never came true that ${what}`);
}
