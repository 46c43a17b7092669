import { type CpuMeter, poolCpuUs, takeGain } from "./cpu-meter.ts";
import type { LiveIsolate } from "./live-isolate.ts";
import type { MemoryWatch } from "./memory-watch.ts";
import type { PoolPriority } from "../cell/supervision/pool-priority.ts";

const TICK_MS = 5;
/** The least time to a look that comes before the next tick. */
const SOON_MS = 1;
/** Ticks between two looks at isolates in which nothing should run. */
const IDLE_TICKS = 20;
/** Ticks between two looks at what each thread uses. */
const PRIORITY_TICKS = 2;
const SLOW_TICK_MS = 250;
/** CPU that an idle isolate may use at one go (garbage collection, finalizers) beyond its event's limit. */
const IDLE_SLACK_US = 100_000;

export interface WatchdogOptions {
  readonly meter: CpuMeter;
  readonly memory: MemoryWatch;
  /** Missing where others set priorities. */
  readonly priority?: PoolPriority | undefined;
  /** Isolates in which an entry runs. */
  readonly running: ReadonlySet<LiveIsolate>;
  /** In how many isolates that were disposed something goes on. */
  readonly settling: () => number;
  readonly all: () => Iterable<LiveIsolate>;
  /** The isolate is over its CPU limit. */
  readonly onOver: (live: LiveIsolate) => void;
  /** isolated-vm disposed an isolate by itself while an entry ran. */
  readonly onDisposed: (live: LiveIsolate) => void;
  /** Called at every tick. */
  readonly onTick: () => void;
  /** CPU of all threads but the one of the loop, in microseconds. @default of this process */
  readonly poolUs?: () => number;
}

/** Looks at every live isolate every few milliseconds, and finds those that use more CPU than they may. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  readonly #slowTimer: NodeJS.Timeout;
  #ticks = 0;
  #idleSeenMs = performance.now();
  readonly #poolUs: () => number;
  #idlePoolUs: number;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#poolUs = options.poolUs ?? poolCpuUs;
    this.#idlePoolUs = this.#poolUs();
    this.#slowTimer = setInterval(() => {
      if (this.#timer !== undefined) return;
      this.#lookAtIdle();
      options.memory.tick();
      options.onTick();
    }, SLOW_TICK_MS);
    this.#slowTimer.unref();
  }

  /** Something runs now: look until nothing does. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#options.meter.restart();
    this.#options.memory.restart();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    clearInterval(this.#slowTimer);
  }

  #tick(): void {
    const { memory, running, onTick, priority } = this.#options;
    if (running.size === 0 && this.#options.settling() === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#options.meter.rest();
      return;
    }
    this.#lookAtEntries();
    memory.tick();
    onTick();
    if (++this.#ticks % PRIORITY_TICKS === 0) priority?.look();
    if (this.#ticks % IDLE_TICKS === 0) this.#lookAtIdle();
  }

  /** Ends what is over its limit, and comes back before the next tick where something will be. */
  #lookAtEntries(): void {
    const { meter, running, settling, onOver, onDisposed } = this.#options;
    meter.tick(running, settling());
    let leastUs = Infinity;
    for (const live of [...running]) {
      const doubtUs = live.doubtUs + live.lateDoubtUs;
      // Native code may go on in it for minutes, and its counter stands still from then on.
      if (live.spare.isolate.isDisposed) onDisposed(live);
      else if (live.entry?.isOver(live.boundedUs, doubtUs) === true) onOver(live);
      else leastUs = Math.min(leastUs, live.entry?.leftUs(live.boundedUs, doubtUs) ?? Infinity);
    }
    const waitMs = Math.max(SOON_MS, Math.ceil(leastUs / 1_000));
    if (waitMs >= TICK_MS || this.#soon !== undefined) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      if (this.#timer !== undefined && running.size > 0) this.#lookAtEntries();
    }, waitMs).unref();
  }

  /**
   * Finalizers and late tasks of V8 run without an entry; they may not go on for long. The counter grows while their
   * thread waits for a core, so what counts is no more than an equal part of what the process used.
   */
  #lookAtIdle(): void {
    const { all, running, onOver } = this.#options;
    const now = performance.now();
    const elapsedUs = (now - this.#idleSeenMs) * 1_000;
    this.#idleSeenMs = now;
    const poolUs = this.#poolUs();
    const usedUs = Math.max(0, poolUs - this.#idlePoolUs);
    this.#idlePoolUs = poolUs;
    const active: [LiveIsolate, number][] = [];
    for (const live of all()) {
      if (running.has(live)) continue;
      const gain = takeGain(live);
      if (gain > elapsedUs / 2) active.push([live, gain]);
      else live.idleUs = 0;
    }
    const mostUs = usedUs / (running.size + active.length);
    for (const [live, gain] of active) {
      live.idleUs += Math.min(gain, mostUs);
      if (live.idleUs > live.limits.cpuMs * 1_000 + IDLE_SLACK_US) onOver(live);
    }
  }
}
