import type { IsolateLimits, LoadPhases, LoadResult } from "../cell/cell.ts";
import type { Clock } from "../clock/clock.ts";
import type { Version } from "../versions/version.ts";
import type { AccountNumbers } from "./account-numbers.ts";
import type { Fleet } from "./fleet.ts";
import { LoadRefused } from "./load-refused.ts";
import { WarmIsolate } from "./warm-isolate.ts";

/** What an isolate weighs before anybody looked. */
const FIRST_GUESS_BYTES = 3 * 1024 * 1024;
/** Requests after which the functions that a version needs are compiled, so that a code cache is worth it. */
const SERVED_BEFORE_CACHE = 3;

interface LoaderOptions {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly accounts: AccountNumbers;
  readonly maxLoading: number;
  /** Makes room for one more isolate; false if nothing can go now. */
  readonly makeRoom: () => boolean;
  readonly started: (isolate: WarmIsolate, phases: LoadPhases) => void;
  readonly failed: () => void;
}

interface Job {
  readonly version: Version;
  readonly resolve: (isolate: WarmIsolate) => void;
  readonly reject: (reason: unknown) => void;
}

/** Starts isolates, a bounded number at once, and makes code caches once they have served. */
export class Loader {
  readonly #options: LoaderOptions;
  readonly #jobs: Job[] = [];
  readonly #uncached = new WeakSet<WarmIsolate>();
  /** Versions of the isolates that are starting. */
  readonly #starting = new Map<number, Version>();
  #nextIsolate = 1;
  #pumping = false;
  loading = 0;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** Starts an isolate of the version when there is room. */
  start(version: Version): Promise<WarmIsolate> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ version, resolve, reject });
      this.pump();
    });
  }

  /** The version of an isolate whose top level runs. */
  starting(isolate: number): Version | undefined {
    return this.#starting.get(isolate);
  }

  /** Begins queued starts as far as room allows. To be called whenever room may have come. */
  pump(): void {
    // Making room evicts, and an eviction tells that there is room: once is enough.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#jobs.length > 0 && this.loading < this.#options.maxLoading && this.#options.makeRoom()) {
        this.#begin(this.#jobs.shift()!);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #begin(job: Job): void {
    this.loading++;
    void this.#load(job.version)
      .finally(() => this.loading--)
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

  async #load(version: Version): Promise<WarmIsolate> {
    const { fleet, clock, accounts } = this.#options;
    const cell = fleet.cellOf(version.account);
    await fleet.use(cell, version);
    const isolate = new WarmIsolate(this.#nextIsolate++, version, cell, FIRST_GUESS_BYTES, clock);
    this.#starting.set(isolate.id, version);
    const result = await cell.load({
      isolate: isolate.id,
      versionKey: version.id,
      limits: isolateLimits(version),
      ...accounts.shareOf(version.account),
      configJson: version.configJson,
    });
    this.#starting.delete(isolate.id);
    if (!result.ok) {
      fleet.drop(cell, version);
      throw await refusalOf(version, result);
    }
    if (result.codeCache !== "used") this.#uncached.add(isolate);
    this.#options.started(isolate, result.phases);
    return isolate;
  }

  async #makeCodeCache(isolate: WarmIsolate): Promise<void> {
    const bytes = await isolate.cell.makeCodeCache(isolate.id);
    if (bytes === null) return;
    await isolate.version.keepCodeCache(bytes);
    await this.#options.fleet.refresh(isolate.version);
  }
}

/** The limits that the cell enforces for a version. */
export function isolateLimits(version: Version): IsolateLimits {
  const { memoryMb, cpuMs, startupCpuMs } = version.limits;
  return { memoryMb, cpuMs, startupCpuMs };
}

/** The error for a start that failed, with the worker's own positions. */
export async function refusalOf(version: Version, result: LoadResult & { ok: false }): Promise<LoadRefused> {
  return new LoadRefused(result.reason, await version.mapError(result.error));
}
