import { statFields } from "../../src/cell/stat-fields.ts";
import { createHost } from "../../src/index.ts";
import { summarize } from "../statistics/summarize.ts";

/**
 * Prints how long after its CPU limit an attack is over: for what V8 can stop, until the answer; for the rest, until
 * the process of its cell is dead. `node --no-node-snapshot bench/containment/stop-times.ts [RUNS]`
 */
const RUNS = Number(process.argv[2] ?? 100);
const CPU_MS = 50;

const STOPPABLE: Readonly<Record<string, string>> = {
  "an empty loop": "for (;;);",
  "a promise loop": "await (async () => { for (;;) await 0; })();",
  "a regular expression": `/^(a+)+$/.test("a".repeat(60) + "!");`,
  "a sort": "Array.from({ length: 3e6 }, (_, i) => (i * 2654435761) % 1e9).sort((x, y) => x - y);",
  "objects thrown away": "for (;;) { const a = []; for (let i = 0; i < 2000; i++) a.push({ i }); }",
};
const UNSTOPPABLE: Readonly<Record<string, string>> = {
  "BigInt powers": "let x = 3n; for (let i = 0; i < 40; i++) x = x * x;",
  "a floating Proxy": "Promise.reject(new Proxy({}, { get() { for (;;); } }));",
  "for-in of a long string": `let s = "a"; while (s.length < 2e8) s += s; for (const k in s) break;`,
};

let cpuMs = 0;
const host = await createHost({
  cell: "process",
  cells: 1,
  spares: 2,
  limits: { cpuMs: CPU_MS, wallMs: 60_000 },
  onCatastrophe: () => {},
  onEvent: (record) => (cpuMs = record.cpuMs),
});
console.log(
  "| attack | runs | after the limit, ms: p50 | p99 | most | CPU beyond it, ms: p50 | p99 | most |\n| --- | --- | --- | --- | --- | --- | --- | --- |",
);
for (const [what, code] of Object.entries(STOPPABLE)) {
  await measure(what, code, RUNS, async () => {});
}
for (const [what, code] of Object.entries(UNSTOPPABLE)) {
  await measure(what, code, Math.ceil(RUNS / 5), async (pids) => {
    while (!pids.some(isDead)) await sleep(1);
  });
}
process.kill(process.pid, "SIGKILL");

async function measure(
  what: string,
  code: string,
  runs: number,
  ended: (pids: readonly number[]) => Promise<void>,
): Promise<void> {
  const times: number[] = [];
  const charges: number[] = [];
  const outcomes = new Set<number>();
  for (let run = 0; run < runs; run++) {
    await host.deploy({
      // Another one each time: one that brings cells down is not let in again.
      name: `bad-${what.replaceAll(" ", "-").toLowerCase()}-${run}`,
      account: `a${run}`,
      main: "index.js",
      modules: [
        {
          name: "index.js",
          type: "esm",
          content: `export default { async fetch(r) { if (r.url.endsWith("warm")) return new Response(); ${code} return new Response("done") } }`,
        },
      ],
    });
    const worker = host.worker(`bad-${what.replaceAll(" ", "-").toLowerCase()}-${run}`, `a${run}`)!;
    await (await worker.fetch("http://bad/warm")).text();
    // Spares are made again first.
    await sleep(100);
    const pids = (await host.stats()).cells.flatMap(({ pid }) => pid ?? []);
    const startMs = performance.now();
    const response = await worker.fetch("http://bad/");
    await response.text();
    outcomes.add(response.status);
    await ended(pids);
    times.push(performance.now() - startMs - CPU_MS);
    charges.push(cpuMs - CPU_MS);
    await sleep(100);
  }
  const figures = [times, charges].flatMap((list) => {
    const { p50, p99 } = summarize(list);
    return [p50, p99, Math.max(...list)].map((ms) => ms.toFixed(0));
  });
  console.log(`| ${what} (${[...outcomes].join(", ")}) | ${runs} | ${figures.join(" | ")} |`);
}

/** One look at one file: to search all processes again and again would keep a core from what is measured. */
function isDead(pid: number): boolean {
  try {
    return statFields(`/proc/${pid}`)[0] === "Z";
  } catch {
    return true;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
