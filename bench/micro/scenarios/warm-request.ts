import { Bench } from "tinybench";
import { createHost } from "../../../src/index.ts";
import type { Row, Scenario } from "../scenario.ts";
import { summarize } from "../../statistics/summarize.ts";
import { HELLO, worker } from "../../workers.ts";

const CONCURRENCY = 64;

/** Requests to a warm isolate: one after the other, and 64 at once. */
export const warmRequest: Scenario = async (cell, { timeMs }) => {
  await using host = await createHost({ cell, cells: 1 });
  const hello = await host.deploy(worker("hello", HELLO));
  const ask = async (): Promise<void> => {
    await (await hello.fetch("http://warm/")).text();
  };
  for (let i = 0; i < 200; i++) await ask();
  const bench = new Bench({ time: timeMs, warmupTime: timeMs / 5, retainSamples: true });
  bench.add("alone", ask);
  bench.add("64 at once", async () => {
    await Promise.all(Array.from({ length: CONCURRENCY }, ask));
  });
  await bench.run();
  const rows: Row[] = [];
  for (const task of bench.tasks) {
    if (!("latency" in task.result)) throw new Error(`the benchmark "${task.name}" did not finish`);
    const samples = task.result.latency.samples ?? [];
    const each = task.name === "alone" ? 1 : CONCURRENCY;
    const perRequest = samples.map((ms) => (ms * 1000) / each);
    rows.push({
      scenario: "warm request",
      what: `${task.name}, per request`,
      unit: "us",
      summary: summarize(perRequest),
    });
  }
  return rows;
};
