import type { LiveIsolate } from "./live-isolate.ts";
import type { PoolThreads } from "../cell/supervision/pool-threads.ts";

/** What a single look may charge beyond what the process is known to have used: its clock lags a little. */
const SLACK_US = 1_000;
/** How far a share may be off, as part of it: isolates that wait for cores need not wait alike. */
const SHARE_DOUBT = 0.3;
/**
 * What is in doubt altogether where no more than that is an estimate: threads that wait for one core have it by turns of some ms, so
 * one of them may have waited all the time.
 */
const TURN_US = 4_000;
/** How far a share may be off, as part of it, where other threads of the process (collections, compression) count as if they were isolates. */
const PROCESS_DOUBT = 0.6;
/** How far the system's count of a thread that runs may lag behind: a tick of its slowest clock. */
const LAG_US = 10_000;
/** Age from which on an entry is worth a search for new threads, in ms. */
const LONG_MS = 5;

/**
 * Counts the CPU of isolates. isolated-vm's counter is time inside the isolate, which grows while the thread waits
 * for a core; so what all isolates gain between two looks is cut down to the CPU that their threads used, where the
 * system tells, and to what the process used beside its loop. Questions are answered on the loop, by a clock of their own.
 */
export class CpuMeter {
  readonly #threads: PoolThreads;
  readonly #poolUs: () => number;
  #processUs: number;
  /** What the threads had used at the last look. */
  #threadsUs: number | undefined;
  readonly #loopUs: () => number;
  #loopSeenUs: number;
  /** What entries gained that ended since the last look, and spares that were made. */
  #settledUs = 0;
  /** What a spare that was under way when something began to run may have used before, and the system has not counted yet. */
  #restUs = 0;
  /** Spares that are being made: they are nobody's doing, and share the threads. */
  readonly #spares = new Set<Counted>();
  #tickMs = performance.now();

  /**
   * @param poolUs CPU of all threads but the one of the loop, in microseconds @default of this process
   * @param loopUs CPU of the loop's thread, in microseconds @default of this thread
   */
  constructor(threads: PoolThreads, poolUs: () => number = poolCpuUs, loopUs: () => number = loopCpuUs) {
    this.#threads = threads;
    this.#poolUs = poolUs;
    this.#loopUs = loopUs;
    this.#processUs = poolUs();
    this.#loopSeenUs = loopUs();
  }

  /** Begins anew after a pause in which nothing ran. */
  restart(): void {
    this.#processUs = this.#poolUs();
    this.#loopSeenUs = this.#loopUs();
    this.#threadsUs = this.#threads.totalUs(true);
    // Counters of spares say how long those were made, also on the loop and while they waited: that is nobody's credit.
    const sparesUs = this.#takeSettled();
    this.#restUs = this.#spares.size > 0 ? Math.min(LAG_US, sparesUs) : 0;
    this.#tickMs = performance.now();
  }

  /** Nothing runs: from here on only spares use the threads. */
  rest(): void {
    this.#takeSettled();
  }

  /**
   * Has a spare that is being made take part in what the threads use, charged to nobody.
   * @param counterUs time inside it, in microseconds @returns what is called once it is made
   */
  share(counterUs: () => number): () => void {
    const spare = { counterUs, seenUs: counterUs() };
    this.#spares.add(spare);
    return () => {
      if (this.#spares.delete(spare)) this.#settledUs += takeGain(spare);
    };
  }

  /**
   * Looks at all of them at once; to be called every few ms while any of them runs.
   * @param settling isolates that were ended and go on: each counts as one that ran all the time
   */
  tick(isolates: Iterable<LiveIsolate>, settling = 0): void {
    const nowMs = performance.now();
    // Two clocks make up this one, so it may fall back a little.
    const processUs = Math.max(this.#processUs, this.#poolUs());
    let used = processUs - this.#processUs;
    this.#processUs = processUs;
    const loopSeenUs = this.#loopUs();
    const askedMostUs = loopSeenUs - this.#loopSeenUs;
    this.#loopSeenUs = loopSeenUs;
    const gains: [LiveIsolate, number][] = [];
    let isLong = false;
    let sum = 0;
    for (const live of isolates) {
      const gain = takeGain(live);
      sum += gain;
      gains.push([live, gain]);
      isLong ||= live.entry !== undefined && nowMs - live.entry.startedMs > LONG_MS;
    }
    const all = sum + this.#takeSettled() + settling * (nowMs - this.#tickMs) * 1_000;
    this.#tickMs = nowMs;
    const byThreads = this.#threadsGain(!isLong);
    if (byThreads !== undefined) used = Math.min(used, byThreads);
    // What is shorter than the process's lag says nothing about it. What threads lag behind is charged later.
    const scale = all > used && (byThreads !== undefined || all > SLACK_US) ? used / all : 1;
    for (const [live, gain] of gains) {
      const charged = isShort(live, gain, nowMs) ? gain : gain * scale;
      live.boundedUs += charged + Math.min(takeAsked(live), askedMostUs);
      live.cutUs = Math.min(LAG_US, live.cutUs + gain - charged);
      const turnUs = Math.max(0, TURN_US - live.doubtUs - live.lateDoubtUs);
      if (byThreads === undefined) {
        // What other threads used hides that this one waited.
        live.doubtUs += Math.min(charged, Math.max(scale === 1 ? 0 : charged * PROCESS_DOUBT, turnUs));
      } else {
        // One that runs alone has used what the threads have; of several each may have waited for all of them.
        const most = Math.min(charged, Math.max(charged * SHARE_DOUBT, turnUs));
        live.lateDoubtUs += Math.min(most, (all - gain) * (1 - scale));
      }
    }
    if (byThreads !== undefined && used > all) chargeLate(gains, used - all);
  }

  /** Looks at one isolate whose entry is over. */
  settle(live: LiveIsolate): void {
    const gain = takeGain(live);
    this.#settledUs += gain;
    const asked = takeAsked(live);
    // Most entries are shorter than the slack: those need no look at the process.
    live.boundedUs += asked <= SLACK_US ? asked : Math.min(asked, this.#loopUs() - this.#loopSeenUs);
    live.boundedUs +=
      gain <= SLACK_US ? gain : Math.min(gain, Math.max(0, this.#poolUs() - this.#processUs) + SLACK_US);
  }

  /** What the threads used since the last look; undefined for the first one, and if the system does not tell. */
  #threadsGain(known: boolean): number | undefined {
    const nowUs = this.#threads.totalUs(known);
    const beforeUs = this.#threadsUs;
    this.#threadsUs = nowUs;
    if (nowUs === undefined || beforeUs === undefined) return undefined;
    const gainUs = nowUs - beforeUs - this.#restUs;
    this.#restUs = Math.max(0, -gainUs);
    return Math.max(0, gainUs);
  }

  /** What was gained since the last call, but for the entries that run. */
  #takeSettled(): number {
    for (const spare of this.#spares) this.#settledUs += takeGain(spare);
    const settledUs = this.#settledUs;
    this.#settledUs = 0;
    return settledUs;
  }
}

/** The threads used more than what their isolates gained: the system had not counted yet what was cut down before. */
function chargeLate(gains: readonly [LiveIsolate, number][], lateUs: number): void {
  const cutUs = gains.reduce((sum, [live]) => sum + live.cutUs, 0);
  const back = cutUs > 0 ? Math.min(1, lateUs / cutUs) : 1;
  for (const [live] of gains) {
    live.boundedUs += live.cutUs * back;
    live.cutUs = 0;
    live.doubtUs += live.lateDoubtUs * (1 - back);
    live.lateDoubtUs = 0;
  }
}

/** An isolate, with what its counter showed when it was looked at last. */
type Counted = Pick<LiveIsolate, "counterUs" | "seenUs">;

/** Time inside the isolate since it was looked at last, in microseconds. */
export function takeGain(counted: Counted): number {
  const seenUs = counted.counterUs();
  const gain = Math.max(0, seenUs - counted.seenUs);
  counted.seenUs = seenUs;
  return gain;
}

/** The threads' count may lag behind all of an entry that has just begun, which may be over before it is looked at again. */
function isShort({ entry }: LiveIsolate, gainUs: number, nowMs: number): boolean {
  return gainUs <= SLACK_US && entry !== undefined && nowMs - entry.startedMs <= LONG_MS;
}

/** Time in questions since the last call, by the clock on the wall. */
function takeAsked(live: LiveIsolate): number {
  const { usedUs } = live.spare.ask;
  const asked = usedUs - live.seenAskUs;
  live.seenAskUs = usedUs;
  return asked;
}

/** CPU of all threads but the one of the loop, in microseconds. */
export function poolCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system - loopCpuUs();
}

function loopCpuUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
