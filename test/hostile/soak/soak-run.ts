import { monitorEventLoopDelay } from "node:perf_hooks";
import { createHost, type EventRecord, type Host } from "../../../src/index.ts";
import { Random } from "../../cell/random.ts";
import { uploadOf } from "../hostile-case.ts";
import { Neighbour } from "../neighbour.ts";
import { drawCase, type MixedCase } from "./mix.ts";
import { settledMemory, type SoakMemory } from "./settled-memory.ts";
import type { SoakOptions } from "./soak-options.ts";
import { SoakTally } from "./soak-tally.ts";
import { stuckProcesses } from "./stuck-processes.ts";

/** Runs before the start is measured: code is compiled, pools are filled, lazy parts are there. */
const WARM_UP_RUNS = 150;
/** A run that takes longer is stuck, in ms. */
const STUCK_MS = 120_000;
/** A neighbour's wait in the time after a death is the gap in which its cell was replaced, in ms. */
const GAP_WINDOW_MS = 1_500;
const NEIGHBOURS = ["first", "second"] as const;

/** Everything that a soak found. */
export interface SoakResult {
  readonly tally: SoakTally;
  readonly seconds: number;
  readonly before: SoakMemory;
  readonly after: SoakMemory;
  readonly processesBefore: number;
  readonly processesAfter: number;
  readonly stuck: readonly string[];
  readonly deaths: number;
  readonly gapsMs: readonly number[];
  readonly lagP99Ms: number;
  readonly lagMaxMs: number;
  readonly neighbourTookMs: readonly number[];
  readonly neighbourErrors: readonly string[];
  readonly faults: readonly string[];
}

/** Runs hostile cases at random in one host, and measures what becomes of it. */
export async function runSoak(options: SoakOptions, say: (text: string) => void): Promise<SoakResult> {
  const { runs, seconds, lanes, cells, settleSeconds, seed } = options;
  const events = new Map<string, EventRecord[]>();
  const faults: string[] = [];
  const deathsAtMs: number[] = [];
  const host = await createHost({
    cell: "process",
    cells,
    spares: 1,
    onEvent: (record) => events.get(record.worker)?.push(record),
    onCatastrophe: () => deathsAtMs.push(performance.now()),
    onInternalError: (error) => faults.push(String(error)),
  });
  const { port } = await host.listen({ port: 0 });
  const neighbours = await Promise.all(NEIGHBOURS.map((name) => Neighbour.start(host, port, name)));
  const random = new Random(seed);
  const tally = new SoakTally();

  const mix = async (count: number, into: SoakTally): Promise<void> => {
    const endMs = performance.now() + seconds * 1_000;
    let next = 0;
    const lane = async (account: string): Promise<void> => {
      while (next < count && performance.now() < endMs) {
        const number = next++;
        if (number % 500 === 499) say(`${number + 1} runs, ${deathsAtMs.length} cells lost`);
        await runOne(
          { host, events, account },
          drawCase(random),
          `${into === tally ? "run" : "warm"}-${number}`,
          into,
        );
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, i) => lane(`attacker-${i}`)));
  };

  await mix(Math.min(WARM_UP_RUNS, Math.ceil(runs / 4)), new SoakTally());
  const before = await settledMemory(settleSeconds);
  const { count: processesBefore } = await stuckProcesses();
  const startMs = performance.now();
  deathsAtMs.length = 0;
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  await mix(runs, tally);
  lag.disable();
  const took = (performance.now() - startMs) / 1_000;
  // A tenth more is what may stay: there is no need to wait for less.
  const after = await settledMemory(settleSeconds * 2, { hostMb: before.hostMb, cellsMb: before.cellsMb });
  for (const neighbour of neighbours) await neighbour[Symbol.asyncDispose]();
  const { count: processesAfter, stuck } = await stuckProcesses();
  const asked = neighbours.flatMap((neighbour) => neighbour.asked.filter(({ atMs }) => atMs >= startMs));
  const gapsMs = deathsAtMs.map((deathMs) =>
    Math.max(
      0,
      ...asked
        .filter(({ atMs, tookMs }) => atMs < deathMs + GAP_WINDOW_MS && atMs + tookMs > deathMs)
        .map(({ tookMs }) => tookMs),
    ),
  );
  await host.close(2_000);
  return {
    tally,
    seconds: took,
    before,
    after,
    processesBefore,
    processesAfter,
    stuck,
    deaths: deathsAtMs.length,
    gapsMs,
    lagP99Ms: lag.percentile(99) / 1e6,
    lagMaxMs: lag.max / 1e6,
    neighbourTookMs: asked.map(({ tookMs }) => tookMs),
    neighbourErrors: asked.flatMap(({ error }) => (error === null ? [] : [error])),
    faults,
  };
}

interface Place {
  readonly host: Host;
  /** By worker. */
  readonly events: Map<string, EventRecord[]>;
  readonly account: string;
}

/** Deploys one case under a name of its own, sends its events and removes it. */
async function runOne(
  { host, events, account }: Place,
  mixed: MixedCase,
  name: string,
  tally: SoakTally,
): Promise<void> {
  const mine: EventRecord[] = [];
  events.set(name, mine);
  try {
    const { times = 1, init } = mixed.one;
    const upload = uploadOf(mixed.one, name, account);
    // A cell that is lost takes the trial start of a deploy with it.
    const worker = await host.deploy(upload).catch(async () => await host.deploy(upload));
    const answers = await Promise.all(
      Array.from({ length: times }, async () => {
        const answer = await worker.fetch("http://bad.test/", init);
        return await answer.text().catch(() => "cut");
      }),
    );
    for (const endMs = performance.now() + STUCK_MS; mine.length < times;) {
      if (performance.now() > endMs) throw new Error("its events did not end");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    tally.add(mixed, mine, answers[0]!);
  } catch (error) {
    tally.broken.push(`${mixed.one.number}. ${mixed.one.name}: ${String(error)}`);
  } finally {
    await host.delete(name, account);
    events.delete(name);
  }
}
