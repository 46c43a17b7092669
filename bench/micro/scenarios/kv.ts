import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bench } from "tinybench";
import { createHost } from "../../../src/index.ts";
import type { Row, Scenario } from "../scenario.ts";
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
    const bench = new Bench({ time: timeMs, warmupTime: timeMs / 5, retainSamples: true });
    bench.add("get", async () => {
      await (await target.fetch("http://kv/")).text();
    });
    bench.add("put", put);
    bench.add("put, 32 at once", async () => {
      await Promise.all(Array.from({ length: 32 }, put));
    });
    await bench.run();
    return bench.tasks.map((task): Row => {
      if (!("latency" in task.result)) throw new Error(`the benchmark "${task.name}" did not finish`);
      const each = task.name.endsWith("at once") ? 32 : 1;
      const samples = (task.result.latency.samples ?? []).map((ms) => (ms * 1000) / each);
      return {
        scenario: "KV through a worker",
        what: `${task.name}, each`,
        unit: "us",
        summary: summarize(samples),
      };
    });
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
};
