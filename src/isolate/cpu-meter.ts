import type { LiveIsolate } from "./live-isolate.ts";

/** What a single look may charge beyond what the process is known to have used: its clock lags a little. */
const SLACK_US = 1_000;

/**
 * Counts the CPU of isolates. isolated-vm's counter is time inside the isolate, which grows while the
 * thread waits for a core; so what all isolates gain between two looks is cut down to what the process used beside its loop. Questions
 * are answered on the loop, by a clock of their own.
 */
export class CpuMeter {
  #processUs = poolCpuUs();

  /** Begins anew after a pause in which nothing ran. */
  restart(): void {
    this.#processUs = poolCpuUs();
  }

  /** What making a spare took on the pool is nobody's doing. */
  exclude(cpuUs: number): void {
    this.#processUs += cpuUs;
  }

  /** Looks at all of them at once; to be called every few ms while any of them runs. */
  tick(isolates: Iterable<LiveIsolate>): void {
    // Two clocks make up this one, so it may fall back a little.
    const processUs = Math.max(this.#processUs, poolCpuUs());
    const used = processUs - this.#processUs;
    this.#processUs = processUs;
    const gains: [LiveIsolate, number][] = [];
    let sum = 0;
    for (const live of isolates) {
      const seenUs = live.counterUs();
      const gain = Math.max(0, seenUs - live.seenUs);
      live.seenUs = seenUs;
      sum += gain;
      gains.push([live, gain]);
    }
    // What is shorter than the lag says nothing about it.
    const scale = sum > used && sum > SLACK_US ? used / sum : 1;
    for (const [live, gain] of gains) live.boundedUs += gain * scale + takeAsked(live);
  }

  /** Looks at one isolate whose entry is over. */
  settle(live: LiveIsolate): void {
    const seenUs = live.counterUs();
    const gain = Math.max(0, seenUs - live.seenUs);
    live.seenUs = seenUs;
    // Most entries are shorter than the slack: those need no look at the process.
    live.boundedUs += takeAsked(live);
    live.boundedUs +=
      gain <= SLACK_US ? gain : Math.min(gain, Math.max(0, poolCpuUs() - this.#processUs) + SLACK_US);
  }
}

/** Time in questions since the last call. */
function takeAsked(live: LiveIsolate): number {
  const { usedUs } = live.spare.ask;
  const asked = usedUs - live.seenAskUs;
  live.seenAskUs = usedUs;
  return asked;
}

/** CPU of all threads but the one of the loop, in microseconds. */
export function poolCpuUs(): number {
  const all = process.cpuUsage();
  const loop = process.threadCpuUsage();
  return all.user + all.system - loop.user - loop.system;
}
