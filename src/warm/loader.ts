import type { Cell, CodeCacheUse, IsolateLimits, LoadPhases, LoadResult } from "../cell/cell.ts";
import { lostLoad } from "../cell/lost-load.ts";
import type { Paces } from "../clock/paces.ts";
import type { Clock } from "../clock/clock.ts";
import { endStep, keepSteps } from "../clock/request-steps.ts";
import type { Version } from "../versions/version.ts";
import { AccountNumbers } from "./account-numbers.ts";
import type { Fleet } from "./fleet.ts";
import { LoadRefused } from "./load-refused.ts";
import { StartBackoff } from "./start-backoff.ts";
import { StartLine } from "./start-line.ts";
import type { Verdict } from "./verdict.ts";
import { WarmIsolate } from "./warm-isolate.ts";

/** What an isolate weighs before anybody looked. */
const FIRST_GUESS_BYTES = 3 * 1024 * 1024;
/** Requests after which the functions that a version needs are compiled, so that a code cache is worth it. */
const SERVED_BEFORE_CACHE = 3;
/** Part of all starts under way that may be of one account. */
const MOST_OF_LOADING = 0.75;

/** How often a start is tried again whose cell died, and the pause before the second time. */
const RELOADS = 5;
const RELOAD_PAUSE_MS = 50;

/** What came of a load whose isolate is lost already. */
const GONE = lostLoad("the isolate was lost as soon as it was loaded");

/** What accounts have beside others. */
export interface Sharing {
  readonly accounts: AccountNumbers;
  /** What they may use of the host's loop. */
  readonly paces: Paces<string>;
}

interface LoaderOptions {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly sharing: Sharing | undefined;
  readonly maxLoading: number;
  /** Makes room for one more isolate of the account; false if nothing can go now. */
  readonly makeRoom: (account: string) => boolean;
  /** A start used CPU, whether it succeeded or not, or the host did for what an isolate put out. */
  readonly spent: (version: Version, cpuMs: number, isInHost: boolean) => void;
  readonly started: (isolate: WarmIsolate, phases: LoadPhases, codeCache: CodeCacheUse) => void;
  readonly failed: () => void;
  /** A cell made no code cache of the version; told once. */
  readonly uncacheable: (version: Version) => void;
  /** Who ended the cell that died last in this place. */
  readonly verdictOn: (cell: Cell) => Verdict;
}

/** Hears of an isolate as soon as its load was sent: what is sent to it in the same turn of the loop leaves in the same write. */
type Board = (isolate: WarmIsolate) => void;

interface Job {
  readonly account: string;
  readonly version: Version;
  readonly board: Board;
  /** Runs it for the request that asked first, whoever makes room for it. */
  readonly run: ReturnType<typeof keepSteps>;
  readonly resolve: (isolate: WarmIsolate) => void;
  readonly reject: (reason: unknown) => void;
}

/** Starts isolates, a bounded number at once, and makes code caches once they have served. */
export class Loader {
  readonly #options: LoaderOptions;
  readonly #accounts: AccountNumbers;
  readonly #jobs = new StartLine<Job>();
  readonly #backoff = new StartBackoff();
  readonly #uncached = new WeakSet<WarmIsolate>();
  /** Versions of which a cell made no cache, as it would be too large: the next would make none either. */
  readonly #uncacheable = new WeakSet<Version>();
  /** The isolates that are starting. */
  readonly #starting = new Map<number, WarmIsolate>();
  #nextIsolate = 1;
  #pumping = false;
  loading = 0;

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#accounts = options.sharing?.accounts ?? new AccountNumbers(() => 1);
  }

  /** Starts an isolate of the version when there is room. @param board Called for each attempt. */
  start(version: Version, board: Board): Promise<WarmIsolate> {
    const refusal = this.#backoff.refusal(version.id, this.#options.clock.monotonicMs());
    if (refusal !== null) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#jobs.add({ account: version.account, version, board, run: keepSteps(), resolve, reject });
      this.pump();
    });
  }

  /** An isolate whose top level runs, or whose load ended a moment ago, before anybody was told. */
  starting(isolate: number): WarmIsolate | undefined {
    return this.#starting.get(isolate);
  }

  /** The isolates whose top level runs. */
  get allStarting(): Iterable<WarmIsolate> {
    return this.#starting.values();
  }

  /** Begins queued starts as far as room allows. To be called whenever room may have come. */
  pump(): void {
    // Making room evicts, and an eviction tells that there is room: once is enough.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      const { maxLoading, makeRoom } = this.#options;
      while (this.loading < maxLoading) {
        const job = this.#jobs.next(Math.ceil(maxLoading * MOST_OF_LOADING));
        if (job === undefined || !makeRoom(job.account)) return;
        this.#jobs.begin(job);
        this.#begin(job);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #begin(job: Job): void {
    this.loading++;
    void job
      .run(() => this.#load(job))
      .finally(() => {
        this.loading--;
        this.#jobs.end(job);
      })
      .then(job.resolve, (error: unknown) => {
        this.#options.failed();
        job.reject(error);
      })
      .finally(() => this.pump());
  }

  /** An isolate has nothing to do: a good moment to make its version's code cache. */
  idle(isolate: WarmIsolate): void {
    if (isolate.served < SERVED_BEFORE_CACHE || !this.#uncached.delete(isolate)) return;
    void this.#makeCodeCache(isolate).catch(() => {
      // Without a cache the next start compiles again: slower, not wrong.
    });
  }

  /**
   * Makes the code cache of an isolate's version before it has served, if it started without one; one that knows more
   * follows. Never rejects.
   */
  async cacheCode(isolate: WarmIsolate): Promise<void> {
    if (!this.#uncached.has(isolate)) return;
    await this.#makeCodeCache(isolate).catch(() => {
      // As in `idle`.
    });
  }

  async #load({ version, board }: Job): Promise<WarmIsolate> {
    for (let lost = 1; ; lost++) {
      const cell = this.#options.fleet.cellFor(version);
      endStep("place");
      const { isolate, result } = await this.#loadIn(cell, version, board);
      if (result.ok) return isolate;
      const verdict = this.#options.verdictOn(cell);
      // The cell died of something else: the top level may be tried again.
      const again =
        lost <= RELOADS && result.reason === "isolateLost" && verdict.partOf(version) === "bystander";
      const refusal = again ? null : await refusalOf(version, result).catch((fault: unknown) => fault);
      if (refusal instanceof LoadRefused)
        this.#backoff.note(version.id, refusal, this.#options.clock.monotonicMs());
      isolate.fail(refusal, verdict);
      if (!again) throw refusal;
      await new Promise((resolve) => setTimeout(resolve, RELOAD_PAUSE_MS * (lost - 1)));
    }
  }

  async #loadIn(
    cell: Cell,
    version: Version,
    board: Board,
  ): Promise<{ readonly isolate: WarmIsolate; readonly result: LoadResult }> {
    const { fleet, clock, spent, verdictOn } = this.#options;
    // First: where a version's secrets cannot be had, nothing has begun.
    const { configJson } = version;
    const id = this.#nextIsolate++;
    // The cell wakes up while the code is read.
    cell.expect(id, version.limits.memoryMb);
    const scriptUnits = await fleet.use(cell, version).catch((error: unknown) => {
      cell.dispose(id);
      throw error;
    });
    endStep("code");
    const isolate = new WarmIsolate(id, version, cell, FIRST_GUESS_BYTES, clock);
    isolate.scriptUnits = scriptUnits;
    isolate.paces = this.#options.sharing?.paces;
    isolate.onHostTime = (tookMs) => spent(version, tookMs, true);
    this.#starting.set(isolate.id, isolate);
    const startMs = clock.monotonicMs();
    const loading = cell.load({
      isolate: isolate.id,
      versionKey: version.id,
      limits: isolateLimits(version),
      ...this.#accounts.shareOf(version.account),
      configJson,
    });
    board(isolate);
    const result = await loading;
    if (result.ok) {
      const { claimMs: claim, compileMs: compile, evaluateMs: evaluate } = result.phases;
      endStep("load", { claim, compile, evaluate });
    }
    this.#starting.delete(isolate.id);
    const isBystander = verdictOn(cell).partOf(version) === "bystander";
    spent(version, startCpuMs(version, result, clock.monotonicMs() - startMs, isBystander), false);
    if (!result.ok || isolate.state === "gone") {
      fleet.drop(cell, version);
      return { isolate, result: result.ok ? GONE : result };
    }
    this.#backoff.note(version.id, null, clock.monotonicMs());
    if (result.codeCache !== "used") this.#uncached.add(isolate);
    isolate.startupMs = result.phases.compileMs + result.phases.evaluateMs;
    isolate.handlers = result.handlers;
    this.#options.started(isolate, result.phases, result.codeCache);
    return { isolate, result };
  }

  async #makeCodeCache(isolate: WarmIsolate): Promise<void> {
    const { id, version, cell } = isolate;
    if (this.#uncacheable.has(version)) return;
    const bytes = await cell.makeCodeCache(id);
    if (bytes === null) {
      // One that was lost meanwhile says nothing about its version.
      if (isolate.state === "gone") return;
      this.#uncacheable.add(version);
      this.#options.uncacheable(version);
      return;
    }
    await version.keepCodeCache(bytes);
    await this.#options.fleet.refresh(version);
  }
}

/** The limits that the cell enforces for a version. */
function isolateLimits(version: Version): IsolateLimits {
  const { memoryMb, cpuMs, startupCpuMs } = version.limits;
  return { memoryMb, cpuMs, startupCpuMs };
}

/**
 * What a start used, up to what it may use. Of one that failed the host knows the time that it took; who lost it with a
 * cell that others ended pays nothing for that.
 */
function startCpuMs(version: Version, result: LoadResult, tookMs: number, isBystander: boolean): number {
  const { startupCpuMs } = version.limits;
  if (result.ok) return Math.min(result.phases.cpuMs, startupCpuMs);
  if (result.reason === "exceededCpu") return startupCpuMs;
  return result.reason === "isolateLost" && isBystander ? 0 : Math.min(tookMs, startupCpuMs);
}

/** The error for a start that failed, with the worker's own positions. */
export async function refusalOf(version: Version, result: LoadResult & { ok: false }): Promise<LoadRefused> {
  return new LoadRefused(result.reason, await version.mapError(result.error));
}
