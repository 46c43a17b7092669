import {
  createHost,
  type EventRecord,
  type Host,
  type HostOptions,
  type LogRecord,
  type WorkerUpload,
} from "../../src/index.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

/** Both places where isolates can live; every end-to-end test runs in each. */
export const CELLS = ["in-process", "process"] as const;

/** A host with what it said, closed at the end of the scope. */
export interface Fixture extends AsyncDisposable {
  readonly host: Host;
  readonly events: EventRecord[];
  readonly logs: LogRecord[];
  readonly faults: unknown[];
}

/** Hosts with no options but their cell, kept from one test to the next: a start costs half a second. */
const kept = new Map<string, Fixture>();

/** A host for one test, empty but for what its options say. */
export async function makeHost(options: HostOptions = {}): Promise<Fixture> {
  const { cell = "in-process", ...more } = options;
  if (Object.keys(more).length > 0) return await freshHost(options);
  const fixture = kept.get(cell) ?? (await freshHost({ cell }));
  kept.delete(cell);
  return { ...fixture, [Symbol.asyncDispose]: () => keep(cell, fixture) };
}

/** Closes the hosts that were kept: the last test of every file that makes hosts. */
export async function closeHosts(): Promise<void> {
  await Promise.all([...kept.values()].map(({ host }) => host.close(0)));
  kept.clear();
}

async function keep(cell: string, fixture: Fixture): Promise<void> {
  const { host, events, logs, faults } = fixture;
  for (const { account, name } of (await host.stats()).workers) await host.delete(name, account);
  const idle = (await host.stats()).inFlight === 0;
  if (!idle || kept.has(cell)) return await host.close(0);
  events.length = logs.length = faults.length = 0;
  kept.set(cell, fixture);
}

async function freshHost(options: HostOptions): Promise<Fixture> {
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
    ...(options.maxLimits === undefined && { limits: { ...WIDE_LIMITS, ...options.limits } }),
  });
  return { host, events, logs, faults, [Symbol.asyncDispose]: () => host.close(0) };
}

/** An upload with one ES module. */
export function upload(name: string, source: string, more: Partial<WorkerUpload> = {}): WorkerUpload {
  return { name, main: "index.js", modules: [{ name: "index.js", type: "esm", content: source }], ...more };
}

/** Waits until something is so; fails after a while that only a fault takes. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  // By looks, not by time: a machine may stand still for as long as it likes.
  for (let looks = 0; looks < 6_000; looks++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it never came true that ${what}`);
}
