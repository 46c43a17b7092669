/**
 * Kills processes of cells at random while they serve, and measures for each worker in them how long after the
 * death an event that began after it was answered: `node --no-node-snapshot bench/containment/cell-loss.ts`.
 */
import { parseArgs } from "node:util";
import { createHost, type Worker } from "../../src/index.ts";
import { summarize } from "../statistics/summarize.ts";
import { HELLO, worker } from "../workers.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    // Shorter than a standby needs to boot beside clients that take all cores, the standby itself is what is measured.
    everyMs: { type: "string", default: "2500" },
    standbys: { type: "string", default: "1" },
  },
});
const ACCOUNTS = 6;
const CLIENTS_EACH = 4;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let deathMs = Infinity;
const counts: Record<string, number> = {};
await using host = await createHost({
  cell: "process",
  standbyCells: Number(values.standbys),
  onEvent: ({ outcome }) => (counts[outcome] = (counts[outcome] ?? 0) + 1),
});
const targets = await Promise.all(
  Array.from({ length: ACCOUNTS }, (_, n) => host.deploy({ ...worker("hello", HELLO), account: `a${n}` })),
);
let over = false;
/** By worker: when the first event was answered that began after the death. */
const answered = targets.map(() => Infinity);
const failures = { inFlight: 0, answers: 0 };

async function ask(target: Worker, index: number): Promise<void> {
  while (!over) {
    const beganMs = performance.now();
    const { ok } = await target.fetch("http://loss.test/");
    if (!ok) failures.inFlight++;
    else if (beganMs > deathMs) answered[index] = Math.min(answered[index]!, performance.now());
    failures.answers++;
    await sleep(ok ? 1 + Math.random() * 4 : 1);
  }
}

const clients = targets.flatMap((target, n) => Array.from({ length: CLIENTS_EACH }, () => ask(target, n)));
const gaps: number[] = [];
let kills = 0;
await sleep(2_000);
for (let n = 0; n < Number(values.kills); n++) {
  const pid = await servingChild();
  if (pid === undefined) {
    await sleep(100);
    continue;
  }
  process.kill(pid, "SIGKILL");
  deathMs = performance.now();
  answered.fill(Infinity);
  kills++;
  await sleep(Number(values.everyMs) * (0.6 + 0.8 * Math.random()));
  // The longest wait of all workers is that of one in the dead cell: the others went on.
  gaps.push(Math.max(...answered) - deathMs);
}
over = true;
await Promise.all(clients);
const { p50, p99, n } = summarize(gaps);
console.log(
  `${kills} kills, ${n} gaps in ms: p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}, max ${Math.max(...gaps).toFixed(0)}`,
);
console.log(`${failures.answers} events, ${failures.inFlight} failed; outcomes ${JSON.stringify(counts)}`);

/** The process of a cell that has isolates, if there is one. */
async function servingChild(): Promise<number | undefined> {
  const { cells } = await host.stats();
  const pids = cells.flatMap(({ pid, isolates }) => (pid !== null && isolates > 0 ? [pid] : []));
  return pids[Math.floor(Math.random() * pids.length)];
}
