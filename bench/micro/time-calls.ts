import { Bench } from "tinybench";

/** Calls something again and again for some time, after a fifth of it to warm up. @returns how long each call took, in us */
export async function timeCalls(what: string, timeMs: number, call: () => Promise<void>): Promise<number[]> {
  const bench = new Bench({ time: timeMs, warmupTime: timeMs / 5, retainSamples: true });
  bench.add(what, call);
  await bench.run();
  const { result } = bench.tasks[0]!;
  if (!("latency" in result)) throw new Error(`the benchmark "${what}" did not finish`);
  return (result.latency.samples ?? []).map((ms) => ms * 1_000);
}
