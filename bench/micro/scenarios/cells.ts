import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { statFields } from "../../../src/cell/stat-fields.ts";
import { createHost } from "../../../src/index.ts";
import { processTree } from "../../containment/processes.ts";
import type { Load, LoadResult } from "../cells-client.ts";
import type { CellKind } from "../../cell-kind.ts";
import type { Row, Scenario } from "../scenario.ts";
import { summarize } from "../../statistics/summarize.ts";
import { HELLO, KV, worker } from "../../workers.ts";

const KINDS: readonly CellKind[] = ["in-process", "process"];
const CONNECTIONS = [1, 64] as const;
const ROUNDS = 8;
/** Long enough for V8 to have compiled what runs often: with a process cell that is done twice, on the same cores. */
const WARM_MS = 2_000;
const CLIENT = fileURLToPath(new URL("../cells-client.ts", import.meta.url));
const TICK_US = 10_000;

interface Measured {
  readonly perSecond: number[];
  readonly latencyUs: number[];
  /** CPU of the host and its cells for each request. */
  readonly cpuUs: number[];
}

/**
 * Both kinds of cell side by side, in rounds that take turns, so that what else the machine does hits both: hello
 * and KV over HTTP from another process, at 1 and 64 connections. Runs once, for the kind "process".
 */
export const cells: Scenario = async (cell, { timeMs }) => {
  if (cell === "in-process") return [];
  const rows: Row[] = [];
  const folder = await mkdtemp(join(tmpdir(), "skerry-bench-"));
  try {
    await using inProcess = await createHost({ cell: "in-process", cells: 1, dataFolder: join(folder, "a") });
    await using apart = await createHost({ cell: "process", cells: 1, dataFolder: join(folder, "b") });
    const ports: number[] = [];
    for (const host of [inProcess, apart]) {
      await host.deploy(worker("hello", HELLO, { routes: ["hello.test/*"] }));
      const kv = { routes: ["kv.test/*"], kvNamespaces: [{ binding: "DATA", id: "bench" }] };
      const target = await host.deploy(worker("kv", KV, kv));
      await target.fetch("http://kv.test/", { method: "PUT" });
      ports.push((await host.listen({ port: 0 })).port);
    }
    for (const name of ["hello", "kv"]) {
      for (const connections of CONNECTIONS) {
        const results = new Map(
          KINDS.map((kind) => [kind, { perSecond: [], latencyUs: [], cpuUs: [] } as Measured]),
        );
        for (const port of ports) await ask({ port, host: `${name}.test`, connections, timeMs: WARM_MS });
        for (let round = 0; round < ROUNDS; round++)
          for (const [index, kind] of (round % 2 === 0 ? [...KINDS] : [...KINDS].reverse()).entries()) {
            const port = ports[round % 2 === 0 ? index : 1 - index]!;
            await measure(results.get(kind)!, {
              port,
              host: `${name}.test`,
              connections,
              timeMs: timeMs / ROUNDS,
            });
          }
        for (const [kind, { perSecond, latencyUs, cpuUs }] of results) {
          const scenario = `${name}, ${connections} connection${connections === 1 ? "" : "s"}`;
          rows.push(
            { scenario, what: kind, unit: "requests/s", summary: summarize(perSecond) },
            { scenario, what: `${kind}, latency`, unit: "us", summary: summarize(latencyUs) },
            { scenario, what: `${kind}, CPU each`, unit: "us", summary: summarize(cpuUs) },
          );
        }
      }
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function measure(into: Measured, load: Load): Promise<void> {
  // A cell is the child of the program that made its sandbox.
  const others = processTree().slice(1);
  const cpuBefore = cpuUs(others);
  const { count, samplesUs } = await ask(load);
  into.perSecond.push(count / (load.timeMs / 1_000));
  for (const sample of samplesUs) into.latencyUs.push(sample);
  into.cpuUs.push((cpuUs(others) - cpuBefore) / count);
}

async function ask(load: Load): Promise<LoadResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLIENT, JSON.stringify(load)], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as LoadResult;
}

/** CPU of this process and of others, as far as the system tells. */
function cpuUs(others: readonly number[]): number {
  const { user, system } = process.cpuUsage();
  let sum = user + system;
  for (const pid of others) {
    const fields = fieldsOf(pid);
    sum += (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_US;
  }
  return sum;
}

/** What Linux says of a process, from its state on. */
function fieldsOf(pid: number): string[] {
  try {
    return statFields(`/proc/${pid}`);
  } catch {
    return [];
  }
}
