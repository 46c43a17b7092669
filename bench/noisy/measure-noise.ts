import { type ELDHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { createHost, type Host } from "../../src/index.ts";
import type { CellKind } from "../cell-kind.ts";
import { summarize, type Summary } from "../statistics/summarize.ts";
import { worker } from "../workers.ts";
import { startBystander, startClient, startNoiseOrigin } from "./client-process.ts";
import { NOISE_KINDS, type NoiseKind } from "./noise-kinds.ts";

/** Reads a key and computes a little, as ordinary workers do. */
const VICTIM = `export default { async fetch(request, env) {
  const n = Number((await env.KV.get("n")) ?? 1);
  let sum = 0;
  for (let i = 0; i < 1_000; i++) sum += i * n;
  return new Response("well " + sum);
} };`;
const EXPECTS = "well 499500";
const EVERY_MS = 10;
/** How often the host's loop is asked how late it is. */
const DELAY_MS = 1;
const HOST = "victim.test";

/** What the victim saw, alone or beside a kind of noise. */
export interface NoiseRow {
  /** The kind of noise; null where there was none. */
  readonly noise: NoiseKind | null;
  readonly summary: Summary;
  /** What a plain server in a process of its own saw at the same time. */
  readonly bystander: Summary;
  /** How late the host's loop was, in ms: p99. */
  readonly lateMs: number;
  readonly errors: readonly string[];
  /** Answers that the noise got, each second. */
  readonly noisePerSecond: number;
}

/**
 * Measures a victim that is asked at a fixed rate, first alone, then beside each kind of noise, which another account
 * makes, then alone again: the two are one row.
 * @param reserve of the host: part of the CPU that is kept free for accounts that use little
 */
export async function measureNoise(
  cell: CellKind,
  timeMs: number,
  kinds: readonly NoiseKind[] = NOISE_KINDS,
  reserve: number = 0,
): Promise<NoiseRow[]> {
  using origin = await startNoiseOrigin();
  await using host = await createHost({
    cell,
    admission: { reserve },
    egress: { allowAddresses: ["127.0.0.0/8"] },
  });
  const { port } = await host.listen({ port: 0 });
  using bystander = await startBystander();
  const delay = monitorEventLoopDelay({ resolution: DELAY_MS });
  const place: Place = { host, port, bystanderPort: bystander.port, delay };
  const victim = { account: "victim", routes: [`${HOST}/*`], kvNamespaces: [{ binding: "KV", id: "n" }] };
  await host.deploy(worker("victim", VICTIM, victim));
  await measure(place, timeMs / 2, null);
  const first = await measure(place, timeMs, null);
  const rows: NoiseRow[] = [];
  for (const noise of kinds) {
    await host.deploy(
      worker("noise", noise.source, {
        account: "noise",
        routes: ["noise.test/*"],
        vars: { ORIGIN: origin.url },
        kvNamespaces: [{ binding: "KV", id: "n" }],
        ...(noise.limits && { limits: noise.limits }),
      }),
    );
    rows.push(rowOf(noise, await measure(place, timeMs, noise), timeMs));
    await host.delete("noise", "noise");
  }
  const last = await measure(place, timeMs, null);
  const alone = {
    tookMs: [...first.tookMs, ...last.tookMs],
    bystanderMs: [...first.bystanderMs, ...last.bystanderMs],
    lateMs: Math.max(first.lateMs, last.lateMs),
    errors: [...first.errors, ...last.errors],
    answers: 0,
  };
  return [rowOf(null, alone, timeMs), ...rows];
}

interface Place {
  readonly host: Host;
  readonly port: number;
  readonly bystanderPort: number;
  readonly delay: ELDHistogram;
}

interface Seen {
  readonly tookMs: readonly number[];
  readonly bystanderMs: readonly number[];
  readonly lateMs: number;
  readonly errors: readonly string[];
  readonly answers: number;
}

async function measure(place: Place, timeMs: number, noise: NoiseKind | null): Promise<Seen> {
  const stopNoise = noise === null ? undefined : await makeNoise(place, noise);
  await pause(noise === null ? 100 : 700);
  const ask = { type: "victim", host: HOST, everyMs: EVERY_MS, expects: EXPECTS } as const;
  const victim = await startClient({ ...ask, port: place.port });
  const beside = await startClient({ ...ask, port: place.bystanderPort });
  place.delay.reset();
  place.delay.enable();
  await pause(timeMs);
  place.delay.disable();
  // What the histogram counts is the time between two looks.
  const lateMs = Math.max(0, place.delay.percentile(99) / 1e6 - DELAY_MS);
  const [{ tookMs, errors }, { tookMs: bystanderMs }] = await Promise.all([victim.stop(), beside.stop()]);
  const answers = (await stopNoise?.()) ?? 0;
  return { tookMs: warm(tookMs), bystanderMs: warm(bystanderMs), lateMs, errors, answers };
}

/** The first requests meet connections that are not open, and a client whose code is not compiled. */
function warm(tookMs: readonly number[]): readonly number[] {
  return tookMs.slice(Math.min(20, tookMs.length >> 1));
}

/** @returns Ends the noise, and gives how often it was answered. */
async function makeNoise(
  { host, port }: Place,
  { client, source }: NoiseKind,
): Promise<() => Promise<number>> {
  if (client.type !== "deploys") {
    const job = { bodyBytes: 0, ...client, port, host: "noise.test" };
    const noisy = await startClient(job);
    return async () => (await noisy.stop()).answers;
  }
  let stopped = false;
  let deploys = 0;
  const storm = Array.from({ length: client.atOnce }, async (_, lane) => {
    while (!stopped) {
      const name = `storm-${lane}`;
      const one = await host.deploy(worker(name, `${source}// ${deploys++}`, { account: "noise" }));
      await (await one.fetch("http://noise.test/")).text();
    }
    await host.delete(`storm-${lane}`, "noise");
  });
  return async () => {
    stopped = true;
    await Promise.all(storm);
    return deploys;
  };
}

function rowOf(noise: NoiseKind | null, seen: Seen, timeMs: number): NoiseRow {
  const { tookMs, bystanderMs, lateMs, errors, answers } = seen;
  const noisePerSecond = (answers * 1_000) / timeMs;
  const bystander = summarize(bystanderMs);
  return { noise, summary: summarize(tookMs), bystander, lateMs, errors, noisePerSecond };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
