import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost } from "../../../src/index.ts";
import type { Row, Scenario } from "../scenario.ts";
import { timeCalls } from "../time-calls.ts";
import { summarize } from "../../statistics/summarize.ts";
import { KV, worker } from "../../workers.ts";

/** KV through a worker: a read, a durable write alone, and durable writes that share a commit. */
export const kv: Scenario = async (cell, { timeMs }) => {
  const dataFolder = await mkdtemp(join(tmpdir(), "skerry-bench-"));
  try {
    await using host = await createHost({ cell, cells: 1, dataFolder });
    const target = await host.deploy(worker("kv", KV, { kvNamespaces: [{ binding: "DATA", id: "bench" }] }));
    const put = async (): Promise<void> => {
      const answer = await target.fetch("http://kv/", { method: "PUT" });
      if ((await answer.text()) !== "put") throw new Error("the benchmark's put failed");
    };
    await put();
    const calls: [what: string, each: number, call: () => Promise<void>][] = [
      ["get", 1, async () => void (await (await target.fetch("http://kv/")).text())],
      ["put", 1, put],
      ["put, 32 at once", 32, async () => void (await Promise.all(Array.from({ length: 32 }, put)))],
    ];
    const rows: Row[] = [];
    for (const [what, each, call] of calls) {
      const samples = (await timeCalls(what, timeMs, call)).map((us) => us / each);
      const summary = summarize(samples);
      rows.push({ scenario: "KV through a worker", what: `${what}, each`, unit: "us", summary });
    }
    return rows;
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
};
