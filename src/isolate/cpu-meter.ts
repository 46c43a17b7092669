import type { LiveIsolate } from "./live-isolate.ts";
import type { PoolThreads } from "../cell/supervision/pool-threads.ts";

/** What a single look may charge beyond what the process is known to have used: its clock lags a little. */
const SLACK_US = 1_000;
/** How far a share may be off, as part of it: isolates that wait for cores need not wait alike. */
const SHARE_DOUBT = 0.3;
/** The same where other threads of the process (collections, compression) count as if they were isolates. */
const PROCESS_DOUBT = 0.6;

/** How far the system's count of a thread that runs may lag behind: a tick of its slowest clock. */
const LAG_US = 10_000;

/**
 * Counts the CPU of isolates. isolated-vm's counter is time inside the isolate, which grows while the thread waits
 * for a core; so what all isolates gain between two looks is cut down to the CPU that their threads used, where the
 * system tells and an entry is long enough to matter, and to what the process used beside its loop otherwise.
 * Questions are answered on the loop, by a clock of their own.
 */
export class CpuMeter {
  readonly #threads: PoolThreads;
  readonly #poolUs: () => number;
  #processUs: number;
  /** What the threads had used at the last look, if that was a tick. */
  #threadsUs: number | undefined;
  #excludedUs = 0;
  #tickMs = performance.now();

  /** @param poolUs CPU of all threads but the one of the loop @default of this process */
  constructor(threads: PoolThreads, poolUs: () => number = poolCpuUs) {
    this.#threads = threads;
    this.#poolUs = poolUs;
    this.#processUs = poolUs();
  }

  /** Begins anew after a pause in which nothing ran. */
  restart(): void {
    this.#processUs = this.#poolUs();
    this.#threadsUs = undefined;
    this.#excludedUs = 0;
    this.#tickMs = performance.now();
  }

  /** What making a spare took on the pool is nobody's doing. */
  exclude(cpuUs: number): void {
    this.#processUs += cpuUs;
    this.#excludedUs += cpuUs;
  }

  /** Looks at all of them at once; to be called every few ms while any of them runs. */
  tick(isolates: Iterable<LiveIsolate>): void {
    // Two clocks make up this one, so it may fall back a little.
    const processUs = Math.max(this.#processUs, this.#poolUs());
    let used = processUs - this.#processUs;
    this.#processUs = processUs;
    const gains: [LiveIsolate, number][] = [];
    let sum = 0;
    let isLong = false;
    for (const live of isolates) {
      const seenUs = live.counterUs();
      const gain = Math.max(0, seenUs - live.seenUs);
      live.seenUs = seenUs;
      sum += gain;
      gains.push([live, gain]);
      isLong ||= live.entry !== undefined && live.entry.startedMs < this.#tickMs;
    }
    this.#tickMs = performance.now();
    const byThreads = isLong ? this.#threadsGain() : (this.#threadsUs = undefined);
    if (byThreads !== undefined) used = Math.min(used, byThreads);
    // What is shorter than the lag says nothing about it.
    const scale = sum > used && sum > SLACK_US ? used / sum : 1;
    // One that runs alone has used what the threads have.
    const doubt =
      scale === 1 ? 0 : byThreads === undefined ? PROCESS_DOUBT : gains.length > 1 ? SHARE_DOUBT : 0;
    for (const [live, gain] of gains) {
      const charged = gain * scale;
      live.boundedUs += charged + takeAsked(live);
      live.doubtUs += charged * doubt;
      live.cutUs = Math.min(LAG_US, live.cutUs + gain - charged);
    }
    if (byThreads !== undefined && used > sum) chargeLate(gains, used - sum);
  }

  /** Looks at one isolate whose entry is over. */
  settle(live: LiveIsolate): void {
    const seenUs = live.counterUs();
    const gain = Math.max(0, seenUs - live.seenUs);
    live.seenUs = seenUs;
    // Most entries are shorter than the slack: those need no look at the process.
    live.boundedUs += takeAsked(live);
    live.boundedUs +=
      gain <= SLACK_US ? gain : Math.min(gain, Math.max(0, this.#poolUs() - this.#processUs) + SLACK_US);
  }

  /** What the threads used since the last tick; undefined if that did not look, or the system does not tell. */
  #threadsGain(): number | undefined {
    const nowUs = this.#threads.totalUs();
    const beforeUs = this.#threadsUs;
    const excludedUs = this.#excludedUs;
    this.#threadsUs = nowUs;
    this.#excludedUs = 0;
    if (nowUs === undefined || beforeUs === undefined) return undefined;
    return Math.max(0, nowUs - beforeUs - excludedUs);
  }
}

/** The threads used more than what their isolates gained: the system had not counted yet what was cut down before. */
function chargeLate(gains: readonly [LiveIsolate, number][], lateUs: number): void {
  const cutUs = gains.reduce((sum, [live]) => sum + live.cutUs, 0);
  for (const [live] of gains) {
    if (cutUs > 0) live.boundedUs += live.cutUs * Math.min(1, lateUs / cutUs);
    live.cutUs = 0;
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
