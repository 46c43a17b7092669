import { monitorEventLoopDelay } from "node:perf_hooks";
import { createHost, type EventRecord, type Host } from "../../../src/index.ts";
import { Random } from "../../cell/random.ts";
import { uploadOf } from "../hostile-case.ts";
import { Neighbour } from "../neighbour.ts";
import { drawCase, everyCase, type MixedCase } from "./mix.ts";
import { NeighbourTimes } from "./neighbour-times.ts";
import { heldNow, settledMemory, type SoakMemory } from "./settled-memory.ts";
import type { SoakOptions } from "./soak-options.ts";
import { SoakTally } from "./soak-tally.ts";
import { stuckProcesses } from "./stuck-processes.ts";

/** Random runs before the start is measured, behind one of each case: code is compiled, pools are filled. */
const WARM_UP_RUNS = 700;
/** How often progress is told, in runs. */
const TOLD_EVERY = 500;
/** A run that takes longer is stuck, in ms. */
const STUCK_MS = 120_000;
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
  readonly lagP99Ms: number;
  readonly lagMaxMs: number;
  readonly neighbours: NeighbourTimes;
  readonly faults: readonly string[];
}

/** Runs hostile cases at random in one host, and measures what becomes of it. */
export async function runSoak(options: SoakOptions, say: (text: string) => void): Promise<SoakResult> {
  const { runs, seconds, lanes, cells, settleSeconds, seed } = options;
  const events = new Map<string, EventRecord[]>();
  const faults: string[] = [];
  let times = new NeighbourTimes();
  const host = await createHost({
    cell: "process",
    cells,
    spares: 1,
    onEvent: (record) => events.get(record.worker)?.push(record),
    onCatastrophe: () => times.death(),
    onInternalError: (error) => faults.push(String(error)),
  });
  const { port } = await host.listen({ port: 0 });
  const neighbours = await Promise.all(
    NEIGHBOURS.map((name) => Neighbour.start(host, port, name, { note: (asked) => times.note(asked) })),
  );
  const random = new Random(seed);
  const tally = new SoakTally();

  const mix = async (next: (run: number) => MixedCase | undefined, into: SoakTally): Promise<void> => {
    const endMs = performance.now() + seconds * 1_000;
    let run = 0;
    const lane = async (account: string): Promise<void> => {
      while (performance.now() < endMs) {
        const number = run++;
        const mixed = next(number);
        if (mixed === undefined) return;
        const name = `${into === tally ? "run" : "warm"}-${number}`;
        await runOne({ host, events, account }, mixed, name, into);
        if (number % TOLD_EVERY === TOLD_EVERY - 1)
          say(`${number + 1} runs, ${times.deaths} cells lost, ${heldNow()}`);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, i) => lane(`attacker-${i}`)));
  };

  const first = options.warmUp === "short" ? [] : everyCase();
  const warmUpRuns = first.length + Math.min(WARM_UP_RUNS, Math.ceil(runs / 4));
  await mix((run) => first[run] ?? (run < warmUpRuns ? drawCase(random) : undefined), new SoakTally());
  const before = await settledMemory(settleSeconds);
  say(`warm after ${warmUpRuns} runs, ${times.deaths} cells lost, ${heldNow()}`);
  const { count: processesBefore } = await stuckProcesses();
  const startMs = performance.now();
  times = new NeighbourTimes();
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  await mix((run) => (run < runs ? drawCase(random) : undefined), tally);
  lag.disable();
  const took = (performance.now() - startMs) / 1_000;
  // A tenth more is what may stay: there is no need to wait for less.
  const after = await settledMemory(settleSeconds * 2, { hostMb: before.hostMb, cellsMb: before.cellsMb });
  for (const neighbour of neighbours) await neighbour[Symbol.asyncDispose]();
  const { count: processesAfter, stuck } = await stuckProcesses();
  await host.close(2_000);
  return {
    tally,
    seconds: took,
    before,
    after,
    processesBefore,
    processesAfter,
    stuck,
    lagP99Ms: lag.percentile(99) / 1e6,
    lagMaxMs: lag.max / 1e6,
    neighbours: times,
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
