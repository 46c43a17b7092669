import { monitorEventLoopDelay } from "node:perf_hooks";
import { createHost, type Worker } from "../../../src/index.ts";
import type { CellKind } from "../../cell-kind.ts";
import type { MicroSize, Row, Scenario } from "../scenario.ts";
import { summarize } from "../../statistics/summarize.ts";
import { HELLO, worker } from "../../workers.ts";

/** What the bad neighbour does; each ends by a limit, and it is asked again at once. */
const NOISES: readonly [name: string, body: string][] = [
  ["quiet (control)", ""],
  ["while (true)", "while (true) {}"],
  ["promise loop", "for (;;) await 0;"],
  ["catastrophic regex", `/^(a+)+$/.test("a".repeat(40) + "b");`],
  ["heap bomb", "const all = []; for (;;) all.push({ a: [1, 2, 3] });"],
];
const PAUSE_MS = 2;

/**
 * A good worker is asked every few ms while a bad one of another account, in the same cell, breaks a limit
 * again and again. Rows: the good worker's latency, and how late the host's event loop was.
 */
export const neighbour: Scenario = async (cell, size) => {
  const rows: Row[] = [];
  for (const [name, body] of NOISES) rows.push(...(await measure(cell, size, name, body)));
  return rows;
};

async function measure(cell: CellKind, { timeMs }: MicroSize, name: string, body: string): Promise<Row[]> {
  await using host = await createHost({ cell, cells: 1 });
  const good = await host.deploy(worker("good", HELLO, { account: "good" }));
  const bad = await host.deploy(
    worker("bad", `export default { async fetch() { ${body} return new Response("ok"); } };`, {
      account: "bad",
      limits: { cpuMs: body.startsWith("const all") ? 5_000 : 50, memoryMb: 64 },
    }),
  );
  for (let i = 0; i < 100; i++) await ask(good);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const end = performance.now() + timeMs;
  const noise = makeNoise(bad, body === "" ? 0 : end);
  const samples: number[] = [];
  while (performance.now() < end) {
    const begin = performance.now();
    await ask(good);
    samples.push(performance.now() - begin);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  delay.disable();
  await noise;
  const scenario = `neighbour: ${name}`;
  const at = (percent: number): number => delay.percentile(percent) / 1e6;
  return [
    { scenario, what: "good worker", unit: "ms", summary: summarize(samples) },
    {
      scenario,
      what: "host's loop, interval",
      unit: "ms",
      summary: { n: delay.count, min: delay.min / 1e6, p50: at(50), p90: at(90), p99: at(99) },
    },
  ];
}

async function makeNoise(bad: Worker, until: number): Promise<void> {
  while (performance.now() < until) await (await bad.fetch("http://bad/")).text();
}

async function ask(good: Worker): Promise<void> {
  const text = await (await good.fetch("http://good/")).text();
  if (text !== "hello") throw new Error(`the good worker answered ${JSON.stringify(text)}`);
}
