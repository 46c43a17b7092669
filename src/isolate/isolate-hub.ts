import { defaultCellMemoryMb } from "../cell/cell-memory.ts";
import type { AccountPace, IsolateStats, LoadRequest } from "../cell/cell.ts";
import type { Isolates, RawLoad, TurnDriver } from "../cell/core/isolates.ts";
import { lostLoad } from "../cell/lost-load.ts";
import type { VersionCode } from "../cell/version-code.ts";
import { CodeStore } from "./code-store.ts";
import { CpuMeter } from "./cpu-meter.ts";
import { Entry } from "./entry.ts";
import { giveFineClock, wantsFineClock } from "./fine-clock.ts";
import { FirstTurn } from "./first-turn.ts";
import { LOOK_US, lookAtHeap, lookInEntry, mayBeOver } from "./heap-look.ts";
import type { HubOptions } from "./hub-options.ts";
import { loadImage } from "./image.ts";
import { type End, LiveIsolate } from "./live-isolate.ts";
import { COMPILE_US, loadVersion } from "./load-version.ts";
import { endedLoad } from "./ended-load.ts";
import { errorText } from "./error-text.ts";
import { makeCodeCache } from "./make-code-cache.ts";
import { MemoryReturn } from "./memory-return.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { MAX_ENTRIES, YOUNG_ENTRIES } from "../cell/supervision/entry-places.ts";
import { PoolPriority } from "../cell/supervision/pool-priority.ts";
import { untilPoolRests } from "../cell/supervision/pool-rest.ts";
import { mayRaisePriority } from "../cell/supervision/process-priority.ts";
import { PoolThreads } from "../cell/supervision/pool-threads.ts";
import { RunQueue } from "./run-queue.ts";
import { closeTurn, runTurn } from "./run-turn.ts";
import { Settling } from "./settling.ts";
import { SparePool } from "./spare-pool.ts";
import { Watchdog } from "./watchdog.ts";

const YOUNG_MS = 4;
/** How old a heap figure of `stats` may be, and how long that waits for a busy isolate. */
const HEAP_AGE_MS = 250;
const STATS_WAIT_MS = 250;
/** CPU of work that no tenant's code has a part in (code cache, heap figures), in microseconds. */
const JOB_US = 10_000_000;
/** What is said of an isolate that nothing ends. */
const STUCK = "an entry goes on after its isolate was disposed";
const FLOOD = "Worker asked the runtime too many synchronous questions at one go";

/** All isolates of one cell, on isolated-vm's pool of threads: nothing of a tenant runs on this thread. */
export class IsolateHub implements Isolates {
  readonly #options: HubOptions;
  readonly #codes: CodeStore;
  readonly #lives = new Map<number, LiveIsolate>();
  readonly #loading = new Set<number>();
  readonly #running = new Set<LiveIsolate>();
  readonly #firstTurn = new FirstTurn();
  readonly #threads = new PoolThreads();
  readonly #settling = new Settling(this.#threads, this.#running, (live) =>
    this.#driver?.stuck(live.id, live.versionKey, STUCK, "unstoppable"),
  );
  readonly #meter = new CpuMeter(this.#threads);
  readonly #priority: PoolPriority | undefined;
  readonly #queue = new RunQueue({ young: YOUNG_ENTRIES, all: MAX_ENTRIES, youngMs: YOUNG_MS });
  readonly #memory = new MemoryReturn(() => this.#running.size > 0);
  readonly #memoryWatch: MemoryWatch;
  readonly #watchdog: Watchdog;
  readonly #pool: Promise<SparePool>;
  #driver: TurnDriver | undefined;
  #spares: SparePool | undefined;
  #pumping = false;
  #closed = false;

  constructor(options: HubOptions = {}) {
    this.#options = options;
    this.#codes = new CodeStore(options.ownProcess);
    if (options.ownPriorities !== false) this.#priority = new PoolPriority(this.#threads, mayRaisePriority());
    this.#memoryWatch = new MemoryWatch({
      capBytes: (options.cellMemoryMb ?? defaultCellMemoryMb(1)) * 1024 * 1024,
      ownProcess: options.ownProcess ?? false,
      running: this.#running,
      onOver: (live, evidence) => this.#overMemory(live, live.markedEvent, evidence),
      onLost: (suspect, message) =>
        this.#driver?.stuck(suspect?.id ?? -1, suspect?.versionKey ?? "", message, "memory"),
    });
    this.#watchdog = new Watchdog({
      meter: this.#meter,
      memory: this.#memoryWatch,
      priority: this.#priority,
      running: this.#running,
      settling: () => this.#settling.count,
      all: () => this.#lives.values(),
      onOver: (live) => this.#overCpu(live),
      onDisposed: (live) => void this.#lostMemory(live),
      onTick: () => this.#queue.tick(),
    });
    this.#pool = this.#makePool();
    this.#pool.catch(() => {});
  }

  drive(driver: TurnDriver): void {
    this.#driver = driver;
  }

  async ready(): Promise<void> {
    await this.#pool;
  }

  putCode(versionKey: string, code: VersionCode): void {
    this.#codes.put(versionKey, code);
  }

  dropCode(versionKey: string): void {
    this.#codes.drop(versionKey);
  }

  expect(isolate: number, memoryMb: number): void {
    this.#spares?.expect(isolate, memoryMb);
  }

  async load(request: LoadRequest, clockMs: number): Promise<RawLoad> {
    const { isolate: id, versionKey, limits } = request;
    const code = this.#codes.get(versionKey);
    if (code === undefined) return lostLoad(`the code of version "${versionKey}" was not put`);
    if (this.#loading.has(id) || this.#lives.has(id)) return lostLoad(`isolate ${id} was loaded before`);
    const claimStart = performance.now();
    this.#loading.add(id);
    let claimed;
    try {
      claimed = await (await this.#pool).claim(limits.memoryMb, id);
    } catch (error) {
      this.#loading.delete(id);
      return lostLoad(`no isolate could be made: ${errorText(error).message}`);
    }
    const { spare, waiting } = claimed;
    const live = new LiveIsolate(request, spare, (it) => this.#run(it), code.script);
    if (this.#closed || !this.#loading.delete(id)) {
      this.#end(live, undefined);
      return lostLoad("the isolate was disposed while it loaded");
    }
    spare.onCatastrophe = (message) => this.#catastrophe(live, message);
    spare.ask.onFlood = () =>
      this.#end(live, { cause: "exceededCpu", event: live.markedEvent, message: FLOOD });
    this.#lives.set(id, live);
    const start = { claimMs: performance.now() - claimStart, spare: waiting, clockMs };
    return new Promise<RawLoad>((resolve) => {
      const values = code.values.use();
      live.onEnd = (end) => {
        values.release();
        resolve(endedLoad(end));
      };
      live.jobs.push(async () => {
        live.onEnd = (end) => resolve(endedLoad(end));
        const result = await loadVersion(live, request, code, this.#meter, start);
        if (live.gone || this.#lostMemory(live)) return;
        if (result.ok && mayBeOver(live) && !(await this.#isWithin(live, 0))) return;
        if (result.ok) {
          live.loaded = true;
          this.#firstTurn.loaded(id, performance.now());
          live.onEnd = (end) => {
            if (end === undefined) return;
            const spentUs = live.unpaidUs + (live.entry?.spentUs(live.boundedUs) ?? 0);
            this.#driver?.gone(id, end.cause, end.event, end.message, spentUs);
          };
        } else {
          live.onEnd = () => {};
          this.#end(live, undefined);
        }
        resolve(result);
      });
      this.#enqueue(live);
    });
  }

  wake(isolate: number): void {
    const live = this.#lives.get(isolate);
    if (live === undefined) return;
    live.wantsTurn = true;
    this.#enqueue(live);
  }

  dispose(isolate: number): void {
    this.#loading.delete(isolate);
    this.#spares?.forgo(isolate);
    const live = this.#lives.get(isolate);
    if (live !== undefined) this.#end(live, undefined);
  }

  makeCodeCache(isolate: number): Promise<Uint8Array | null> {
    return this.#job(isolate, null, makeCodeCache);
  }

  pace(paces: readonly AccountPace[]): void {
    this.#queue.pace(paces);
  }

  pause(): void {
    this.#queue.pause();
  }

  resume(): void {
    this.#queue.resume();
  }

  async stats(): Promise<{ readonly spares: number; readonly isolates: readonly IsolateStats[] }> {
    const loaded = [...this.#lives.values()].filter((live) => live.loaded);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, STATS_WAIT_MS)));
    await Promise.race([patience, Promise.all(loaded.map((live) => this.#lookAtHeap(live)))]);
    clearTimeout(timer);
    const isolates = loaded
      .filter((live) => !live.gone)
      .map((live) => ({
        isolate: live.id,
        heapBytes: live.heapBytes,
        externalBytes: live.externalBytes,
        cpuMs: live.boundedUs / 1_000,
      }));
    return { spares: this.#spares?.count ?? 0, isolates };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const live of this.#lives.values()) this.#end(live, undefined);
    this.#codes.clear();
    this.#memory.close();
    await this.#spares?.close();
    await this.#pool.then(
      (pool) => pool.close(),
      () => {},
    );
    const allEnded = await this.#settling.close();
    this.#watchdog.close();
    this.#threads.close();
    if (allEnded) await untilPoolRests();
  }

  async #makePool(): Promise<SparePool> {
    const image = await loadImage(this.#options);
    const pool = new SparePool(image, {
      count: this.#options.spares ?? 3,
      memoryMb: this.#options.spareMemoryMb ?? 128,
      busy: () => this.#running.size > 0 || this.#firstTurn.isAwaited(performance.now()),
      onCatastrophe: (message) => this.#driver?.stuck(-1, "", message, "unstoppable"),
      onBegun: (counterUs) => this.#meter.share(counterUs),
      onDropped: () => this.#memory.disposed(),
    });
    this.#spares = pool;
    if (!this.#closed) pool.refill(0);
    return pool;
  }

  /** Puts an isolate in the run queue; the queue moves on in a later phase of the loop, so turns gather. */
  #enqueue(live: LiveIsolate): void {
    if (live.queued || live.gone) return;
    live.queued = true;
    this.#queue.add(live);
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#queue.pump();
    });
  }

  async #run(live: LiveIsolate): Promise<void> {
    if (live.gone) return;
    this.#running.add(live);
    live.countAnew();
    try {
      const job = live.jobs.shift();
      if (job !== undefined) {
        this.#watchdog.start();
        const limitMs = live.loaded ? JOB_US / 1_000 : live.limits.startupCpuMs + COMPILE_US / 1_000;
        this.#driver?.entering(live.id, live.loaded ? -1 : 0, limitMs);
        await job();
      } else if (live.wantsTurn) await this.#turn(live);
    } catch (error) {
      const message = `the isolate could not be entered: ${error instanceof Error ? error.message : "unknown reason"}`;
      if (!this.#lostMemory(live)) this.#end(live, { cause: "internalError", event: -1, message });
    }
    this.#driver?.left(live.id);
    this.#running.delete(live);
    live.entry = undefined;
    live.queued = false;
    if (live.jobs.length > 0 || live.wantsTurn) this.#enqueue(live);
  }

  async #turn(live: LiveIsolate): Promise<void> {
    live.wantsTurn = false;
    const slices = this.#driver?.take(live.id, live.turnUs) ?? [];
    if (slices.length === 0) return;
    const limitUs = live.limits.cpuMs * 1_000;
    // Slices of one event share what it may use.
    const budgets = new Map(slices.map((slice) => [slice.event, limitUs - slice.usedUs]));
    const last = slices.at(-1)!.event;
    live.entry = new Entry(budgets, live.spare.ask.marks, live.boundedUs);
    const entering = runTurn(live, slices);
    // Behind the entry, which begins in the microtask before: what a first look reads takes some 20 µs.
    queueMicrotask(() => this.#watchdog.start());
    let entered = await entering;
    for (;;) {
      if (live.gone || this.#lostMemory(live)) return;
      if (entered.hadNoPlace) return this.#overMemory(live, -1, "what came for it had no place in it");
      this.#meter.settle(live);
      if (entered.failure !== undefined) {
        const message = `the turn could not be collected: ${entered.failure}`;
        return this.#end(live, { cause: "internalError", event: live.markedEvent, message });
      }
      const cpuUs = live.entry.takeSpentUs(live.boundedUs);
      if (slices.length > 1 && wantsFineClock(live, cpuUs)) void this.#job(live.id, undefined, giveFineClock);
      if (mayBeOver(live)) {
        live.unpaidUs = cpuUs;
        if (!(await this.#isWithin(live, last))) return;
        live.unpaidUs = 0;
        // Only a turn of one slice goes on.
        budgets.set(last, budgets.get(last)! - cpuUs);
        live.entry = new Entry(budgets, live.spare.ask.marks, live.boundedUs);
      }
      this.#firstTurn.turned(live.id);
      if (this.#driver?.turned(live.id, { ...entered, cpuUs }) !== true || live.gone) break;
      entered = await closeTurn(live, (entered.output as readonly unknown[]).length);
    }
  }

  /** Whether the isolate is within its memory, as has to be seen before anything leaves. @param last event that ran last */
  async #isWithin(live: LiveIsolate, last: number): Promise<boolean> {
    const event = live.markedEvent < 0 ? last : live.markedEvent;
    this.#driver?.entering(live.id, event, LOOK_US / 1_000);
    await lookInEntry(live, event, this.#meter);
    return !this.#lostMemory(live);
  }

  /** Reads an isolate's heap figures between turns. */
  #lookAtHeap(live: LiveIsolate): Promise<void> {
    if (performance.now() - live.heapSeenMs < HEAP_AGE_MS) return live.heapLook;
    live.heapSeenMs = performance.now();
    live.heapLook = this.#job(live.id, undefined, (it) => lookAtHeap(it, this.#meter));
    return live.heapLook;
  }

  /** Does something in an isolate between turns. Gives `otherwise` if the isolate ends first, or it fails. */
  #job<T>(isolate: number, otherwise: T, work: (live: LiveIsolate) => Promise<T>): Promise<T> {
    const live = this.#lives.get(isolate);
    if (live?.loaded !== true) return Promise.resolve(otherwise);
    return new Promise<T>((resolve) => {
      const giveUp = (): void => resolve(otherwise);
      live.waiters.add(giveUp);
      live.jobs.push(async () => {
        live.entry = new Entry(new Map([[-1, JOB_US]]), live.spare.ask.marks, live.boundedUs);
        const result = await work(live).catch(() => otherwise);
        live.waiters.delete(giveUp);
        resolve(result);
        this.#lostMemory(live);
      });
      this.#enqueue(live);
    });
  }

  #overCpu(live: LiveIsolate): void {
    const message = live.loaded
      ? `Worker exceeded CPU time limit of ${live.limits.cpuMs} ms`
      : `Script startup exceeded CPU time limit of ${live.limits.startupCpuMs} ms`;
    this.#end(live, { cause: "exceededCpu", event: live.markedEvent, message });
  }

  #overMemory(live: LiveIsolate, event: number, evidence?: string): void {
    const limit = `Worker exceeded memory limit of ${live.limits.memoryMb} MB`;
    const message = evidence === undefined ? limit : `${limit}: ${evidence}`;
    this.#end(live, { cause: "exceededMemory", event, message });
  }

  /** Whether isolated-vm has disposed the isolate by itself, which it does at the heap limit only. */
  #lostMemory(live: LiveIsolate): boolean {
    if (live.gone) return true;
    if (!live.spare.isolate.isDisposed) return false;
    this.#overMemory(live, live.markedEvent);
    return true;
  }

  #catastrophe(live: LiveIsolate, message: string): void {
    const cause = /memory/i.test(message) ? "exceededMemory" : "internalError";
    const reason = cause === "exceededMemory" ? "memory" : "unstoppable";
    this.#driver?.stuck(live.id, live.versionKey, message, reason);
    // Its thread sleeps for ever, perhaps with a lock that `dispose` needs.
    this.#end(live, { cause, event: live.markedEvent, message: `V8 gave up: ${message}` }, false);
  }

  /** Ends an isolate. @param end undefined if somebody asked for it */
  #end(live: LiveIsolate, end: End | undefined, dispose = true): void {
    if (live.gone) return;
    live.leave();
    live.wantsTurn = false;
    live.jobs.length = 0;
    if (this.#lives.get(live.id) === live) this.#lives.delete(live.id);
    this.#running.delete(live);
    this.#queue.release(live);
    if (dispose && !live.spare.isolate.isDisposed) live.spare.isolate.dispose();
    this.#memory.disposed();
    if (end !== undefined) this.#memoryWatch.ended(live);
    if (dispose) this.#settling.watch(live);
    for (const giveUp of live.waiters) giveUp();
    live.waiters.clear();
    live.onEnd(end);
  }
}
