import type { OutMessage } from "../../runtime-api/contract/out.ts";
import type { Catastrophe, Cell, CodeCacheUse, IsolateLoss, LoadPhases } from "../cell/cell.ts";
import type { Clock } from "../clock/clock.ts";
import type { Version } from "../versions/version.ts";
import type { BlameReport } from "./blame.ts";
import { Fleet, type FleetOptions } from "./fleet.ts";
import { type Acquired, Group } from "./group.ts";
import { HostClosing } from "./load-refused.ts";
import { Judge } from "./judge.ts";
import { Loader, type Sharing } from "./loader.ts";
import type { WarmOptions, WarmStats } from "./options.ts";
import { Sweeper } from "./sweeper.ts";
import { UseOrder } from "./use-order.ts";
import { NOBODY } from "./verdict.ts";
import type { WarmIsolate } from "./warm-isolate.ts";

/** When the turns of an isolate with many events take so long, another one may share the load. */
const BUSY_MS = 10;
/** Events at once in an isolate from which on a companion may be worth its memory. */
const CROWD = 4;

/** What the pool tells the host. */
export interface WarmEvents {
  /** What the top level of a version said while an isolate of it started. */
  topLevel?(version: Version, messages: readonly OutMessage[]): void;
  started?(version: Version, phases: LoadPhases, codeCache: CodeCacheUse): void;
  /** The version's code cache would be larger than any that is kept: every start compiles its script. */
  uncacheable?(version: Version): void;
  /** A start used CPU, whether it succeeded or not, or the host's loop time for what an isolate put out. */
  spent?(version: Version, cpuMs: number, isInHost: boolean): void;
  catastrophic?(report: Catastrophe, version: Version | null, cell: Cell["kind"]): void;
  /** A worker ended a cell, or may have. */
  blamed?(report: BlameReport): void;
}

/**
 * Keeps isolates warm: one group per version, least recently used first out, single-flight starts,
 * more isolates of a version when one is not enough. Isolates with events in flight are pinned.
 */
export class WarmPool {
  readonly #options: WarmOptions;
  readonly #clock: Clock;
  readonly #fleet: Fleet;
  readonly #loader: Loader;
  readonly #sweeper: Sweeper;
  readonly #groups = new Map<string, Group>();
  readonly #isolates = new UseOrder();
  readonly #counts = { hits: 0, starts: 0, failedStarts: 0, evicted: 0, recycled: 0, lost: 0 };
  readonly #judge: Judge;
  readonly #closeCells: (() => Promise<void>) | undefined;
  #closed = false;

  constructor(
    options: WarmOptions,
    clock: Clock,
    cells: Omit<FleetOptions, "idleMs"> & {
      /** Ends what the cells share, after them. */
      close?: () => Promise<void>;
      /** Where it is missing, all accounts weigh the same, and none is held to a pace. */
      sharing?: Sharing;
    },
    events: WarmEvents,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#closeCells = cells.close;
    this.#judge = new Judge({
      now: () => clock.now(),
      inhabitants: (cell) => this.#inhabitants(cell),
      eventOf: (isolate, event) =>
        (this.#isolates.get(isolate) ?? this.#loader.starting(isolate))?.describe(event) ?? null,
      report: (report) => events.blamed?.(report),
    });
    this.#fleet = new Fleet(
      { ...cells, idleMs: options.cellIdleMs },
      {
        messages: (id, messages, costs) => {
          const starting = this.#loader.starting(id);
          if (starting === undefined) this.#isolates.get(id)?.receive(messages, costs);
          // Its own first turn may be heard of together with the end of its load.
          else if (costs.length > 0 || messages[0]?.event !== 0) starting.receive(messages, costs);
          else events.topLevel?.(starting.version, messages);
        },
        lost: (id, loss) => {
          const isolate = this.#isolates.get(id);
          if (isolate === undefined) return this.#loseStarting(id, loss);
          // Places that come free meanwhile are not given out: it is as good as gone.
          this.#groups.get(isolate.version.id)?.remove(isolate);
          // What it said before counts, whoever hears of it late.
          isolate.catchUp();
          // One that drains went with the end of its last event.
          if (isolate.state === "gone") return;
          this.#counts.lost++;
          this.#judge.noteLost(id, isolate.version, isolate.describe(loss.event));
          const verdict = loss.cause === "cellLost" ? this.#judge.verdictOn(isolate.cell) : undefined;
          this.#forget(isolate);
          isolate.lose(loss, verdict);
        },
        catastrophic: (place, report) => {
          const { isolate, message } = report;
          const known = this.#isolates.get(isolate) ?? this.#loader.starting(isolate);
          const version = known?.version ?? this.#judge.lostVersion(isolate) ?? null;
          events.catastrophic?.(report, version, place.cell.kind);
          // A process cell dies of it, and is judged then.
          if (place.cell.kind === "in-process") this.#judge.stuckInProcess(place, isolate, message);
        },
        died: (place, death) => {
          for (const { account, worker } of this.#judge.died(place, death))
            this.retireWorker(account, worker, place.cell);
        },
        vacate: (cell) => this.#vacate(cell),
        lastUsedMs: (cell) => this.#lastUsedMs(cell),
      },
    );
    this.#loader = new Loader({
      fleet: this.#fleet,
      clock,
      sharing: cells.sharing,
      maxLoading: options.maxLoading,
      makeRoom: (account) => this.#makeRoom(account),
      spent: (version, cpuMs, isInHost) => events.spent?.(version, cpuMs, isInHost),
      started: (isolate, phases, codeCache) => {
        this.#counts.starts++;
        // Counted from this moment on, or the next start would not see it.
        this.#touch(isolate);
        events.started?.(isolate.version, phases, codeCache);
      },
      failed: () => this.#counts.failedStarts++,
      uncacheable: (version) => events.uncacheable?.(version),
      verdictOn: (cell) => this.#judge.verdictOn(cell),
    });
    this.#sweeper = new Sweeper(this.#fleet, options, clock, {
      isolates: () => this.#isolates,
      evict: (isolate) => this.#evict(isolate),
      recycle: (isolate) => {
        this.#counts.recycled++;
        this.#drain(isolate);
      },
      onTick: (stoodMs) => {
        for (const group of this.#groups.values()) group.expire(clock.monotonicMs(), stoodMs);
        // Such cells are few: others may need them more.
        for (const isolate of [...this.#isolates.values()])
          if (isolate.state === "warm" && this.#fleet.overstays(isolate.cell, isolate.version))
            this.#drain(isolate);
      },
    });
  }

  get fleet(): Fleet {
    return this.#fleet;
  }

  /**
   * Takes a place in a warm isolate of the version, starting one where needed.
   * @param boards Whether it may be one whose load is under way: what is sent to it waits in the cell, and if the load
   *   comes to nothing the events are told. @default false
   * @throws LoadRefused where the version's top level fails; HostClosing.
   */
  async acquire(version: Version, boards = false): Promise<Acquired> {
    if (this.#closed) throw new HostClosing();
    const warm = this.acquireWarm(version);
    if (warm !== null) return warm;
    const group = this.#groupOf(version);
    const places = version.limits.isolateConcurrency;
    return await new Promise<Acquired>((resolve, reject) => {
      const untilMs = this.#clock.monotonicMs() + version.limits.wallMs;
      group.waiters.push({ untilMs, boards, resolve, reject });
      if (group.wantsStart(places, this.#options.maxPerVersion)) this.#start(version, group);
    });
  }

  /** The same where an isolate has a place now; null if none has. */
  acquireWarm(version: Version): Acquired | null {
    const group = this.#groups.get(version.id);
    if (group === undefined || this.#closed) return null;
    const isolate = group.roomiest(version.limits.isolateConcurrency);
    if (isolate === null) return null;
    isolate.places++;
    this.#touch(isolate);
    this.#counts.hits++;
    if (this.#overworked(isolate, group)) this.#start(version, group);
    return { isolate, cold: false };
  }

  /** The event keeps the isolate, and gives its place to others. To be called once per `acquire`, if at all. */
  hold(isolate: WarmIsolate): void {
    isolate.held++;
    isolate.places--;
    if (isolate.state === "draining") isolate.retire();
    else if (isolate.state === "warm")
      this.#groupOf(isolate.version).serve(isolate.version.limits.isolateConcurrency);
  }

  /** Gives the place back. To be called once per `acquire`, when the event is over. */
  release(isolate: WarmIsolate, wasHeld = false): void {
    if (wasHeld) isolate.held--;
    else isolate.places--;
    isolate.served++;
    // One that loads is nobody's to give out yet.
    if (isolate.state === "gone" || isolate.state === "loading") return;
    this.#touch(isolate);
    const group = this.#groupOf(isolate.version);
    group.serve(isolate.version.limits.isolateConcurrency);
    if (isolate.isPinned) return;
    if (isolate.state === "draining") this.#dispose(isolate);
    else this.#loader.idle(isolate);
    this.#loader.pump();
  }

  /** Makes the code cache of an isolate that started without one now, while the caller has a place in it. Never rejects. */
  async cacheCode(isolate: WarmIsolate): Promise<void> {
    await this.#loader.cacheCode(isolate);
  }

  /** Lets the isolates of a version go as their events end. */
  retire(versionId: string): void {
    for (const isolate of this.#groups.get(versionId)?.isolates.slice() ?? []) this.#drain(isolate);
  }

  /** Lets the isolates of a worker go as their events end, but for those in one cell. */
  retireWorker(account: string, worker: string, except: Cell | null = null): void {
    for (const isolate of [...this.#isolates.values()]) {
      const { version, cell, state } = isolate;
      if (version.account !== account || version.worker !== worker || cell === except) continue;
      if (state === "warm") this.#drain(isolate);
    }
  }

  stats(): WarmStats {
    let bytes = 0;
    for (const isolate of this.#isolates.values()) bytes += isolate.bytes;
    return { isolates: this.#isolates.size, loading: this.#loader.loading, bytes, ...this.#counts };
  }

  /** How many warm isolates each worker has and the bytes that they hold, by account and then by name. */
  weigh(): Map<string, Map<string, { isolates: number; bytes: number }>> {
    const accounts = new Map<string, Map<string, { isolates: number; bytes: number }>>();
    for (const { version, bytes } of this.#isolates.values()) {
      let workers = accounts.get(version.account);
      if (workers === undefined) accounts.set(version.account, (workers = new Map()));
      const before = workers.get(version.worker) ?? { isolates: 0, bytes: 0 };
      workers.set(version.worker, { isolates: before.isolates + 1, bytes: before.bytes + bytes });
    }
    return accounts;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#sweeper.stop();
    for (const group of this.#groups.values()) {
      for (const waiter of group.waiters.splice(0)) waiter.reject(new HostClosing());
    }
    await this.#fleet.close();
    await this.#closeCells?.();
  }

  /** It was lost before the end of its load was heard of; whoever loads it tells its events. */
  #loseStarting(id: number, loss: IsolateLoss): void {
    const isolate = this.#loader.starting(id);
    if (isolate === undefined) return;
    this.#counts.lost++;
    this.#judge.noteLost(id, isolate.version, isolate.describe(loss.event));
    isolate.loseEarly(loss);
  }

  #inhabitants(cell: Cell): Map<number, Version> {
    const versions = new Map<number, Version>();
    for (const isolate of [...this.#loader.allStarting, ...this.#isolates.values()])
      if (isolate.cell === cell) versions.set(isolate.id, isolate.version);
    return versions;
  }

  /** Evicts the isolates of a cell, if no event needs one. */
  #vacate(cell: Cell): boolean {
    const there = [...this.#isolates.values()].filter((isolate) => isolate.cell === cell);
    if (there.some((isolate) => isolate.isPinned || isolate.state === "loading")) return false;
    for (const isolate of there) this.#evict(isolate);
    return true;
  }

  #lastUsedMs(cell: Cell): number {
    let last = 0;
    for (const isolate of this.#isolates.values())
      if (isolate.cell === cell) last = Math.max(last, isolate.lastUsedMs);
    return last;
  }

  #groupOf(version: Version): Group {
    let group = this.#groups.get(version.id);
    if (group === undefined) {
      group = new Group();
      this.#groups.set(version.id, group);
    }
    return group;
  }

  /** Whether an isolate has more to do than it can, while another core could help. */
  #overworked(isolate: WarmIsolate, group: Group): boolean {
    if (isolate.places < CROWD || group.starting > 0) return false;
    if (group.isolates.length >= this.#options.maxPerVersion || !isolate.computes(BUSY_MS)) return false;
    let computing = 0;
    for (const other of this.#isolates.values()) if (other.computes(BUSY_MS)) computing++;
    return computing < this.#options.cores;
  }

  #start(version: Version, group: Group): void {
    group.starting++;
    const places = version.limits.isolateConcurrency;
    let loading: WarmIsolate | null = null;
    const over = (): void => {
      group.starting--;
      if (loading !== null) group.loading.delete(loading);
    };
    const board = (isolate: WarmIsolate): void => {
      // An attempt before this one came to nothing.
      if (loading !== null) group.loading.delete(loading);
      group.board((loading = isolate), places);
    };
    void this.#loader.start(version, board).then(
      (isolate) => {
        over();
        if (this.#closed || isolate.state === "gone") {
          isolate.fail(new HostClosing(), NOBODY);
          return isolate.cell.dispose(isolate.id);
        }
        isolate.onStale = () => {
          if (isolate.state === "warm") this.#drain(isolate);
        };
        group.isolates.push(isolate);
        isolate.begin();
        group.serve(places);
        if (group.wantsStart(places, this.#options.maxPerVersion)) this.#start(version, group);
      },
      (error: unknown) => {
        over();
        if (group.isolates.length > 0 || group.starting > 0) return;
        for (const waiter of group.waiters.splice(0)) waiter.reject(error);
        this.#groups.delete(version.id);
      },
    );
  }

  #touch(isolate: WarmIsolate): void {
    this.#isolates.touch(isolate, this.#clock.monotonicMs());
  }

  /** Whether one more isolate of the account may start; evicts an idle one for it. */
  #makeRoom(account: string): boolean {
    if (this.#isolates.size + this.#loader.loading < this.#options.maxIsolates) return true;
    const victim = this.#isolates.victimFor(account);
    if (victim === null) this.#drainOneHeld();
    else this.#evict(victim);
    return victim !== null;
  }

  /** Lets the least recently used isolate go that only WebSockets keep, whose clients can come back. */
  #drainOneHeld(): void {
    let found: WarmIsolate | null = null;
    for (const isolate of this.#isolates.values()) {
      if (isolate.places > 0 || isolate.held === 0) continue;
      // One at a time: it makes room as soon as its clients are told.
      if (isolate.state === "draining") return;
      if (isolate.state === "warm") found ??= isolate;
    }
    if (found === null) return;
    this.#counts.evicted++;
    this.#drain(found);
  }

  #evict(isolate: WarmIsolate): void {
    this.#counts.evicted++;
    this.#dispose(isolate);
  }

  #drain(isolate: WarmIsolate): void {
    if (!isolate.isPinned) return this.#dispose(isolate);
    isolate.state = "draining";
    this.#groupOf(isolate.version).remove(isolate);
    isolate.retire();
  }

  #dispose(isolate: WarmIsolate): void {
    isolate.end();
    isolate.cell.dispose(isolate.id);
    this.#forget(isolate);
  }

  #forget(isolate: WarmIsolate): void {
    if (!this.#isolates.delete(isolate)) return;
    this.#fleet.drop(isolate.cell, isolate.version);
    const group = this.#groups.get(isolate.version.id);
    group?.remove(isolate);
    if (group?.empty) this.#groups.delete(isolate.version.id);
    else if (group?.wantsStart(isolate.version.limits.isolateConcurrency, this.#options.maxPerVersion)) {
      this.#start(isolate.version, group);
    }
    this.#loader.pump();
  }
}
