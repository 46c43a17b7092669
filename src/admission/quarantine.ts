import type { StrikeRecord, StrikeStore } from "../storage/strike-store.ts";
import type { BlameReport } from "../warm/blame.ts";
import { DEFAULT_QUARANTINE, type QuarantineOptions } from "./quarantine-options.ts";
import { workerKey } from "../ids/worker-key.ts";

/** Suspects that are remembered; they are forgotten by themselves, this bounds a flood of them. */
const MAX_SUSPECTS = 10_000;

/** A worker that ended a cell within the last day. */
export interface QuarantineEntry {
  readonly account: string;
  readonly worker: string;
  /** `probation`: a pause is over, and one strike more leads to the next one. */
  readonly state: "watched" | "quarantined" | "probation";
  /** Strikes that count now. */
  readonly strikes: number;
  /** Pauses so far. */
  readonly pauses: number;
  /** When it may run again, in ms since the epoch; null where it may. */
  readonly untilMs: number | null;
  /** The evidence of the last strike. */
  readonly lastStrike: BlameReport;
}

interface QuarantineParts {
  readonly store: StrikeStore;
  /** ms since the epoch: pauses go on while no host runs. */
  readonly now: () => number;
  /** False leads to no pauses at all; strikes are still counted. */
  readonly options?: Partial<QuarantineOptions> | false | undefined;
  /** A pause begins. */
  readonly onQuarantine?: ((entry: QuarantineEntry) => void) | undefined;
  /** The store or `onQuarantine` failed: the state is in memory only, or nobody was told. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Counts the strikes of workers and pauses those that have too many. It is the worker that is paused, not its version, and
 * no deploy, deletion or restart of the host ends a pause.
 */
export class Quarantine {
  readonly #parts: QuarantineParts;
  readonly #options: QuarantineOptions;
  readonly #records = new Map<string, StrikeRecord>();
  /** Names of the workers with records, by account. */
  readonly #struck = new Map<string, Set<string>>();
  /** Until when suspects run alone. */
  readonly #suspects = new Map<string, number>();

  constructor(parts: QuarantineParts) {
    this.#parts = parts;
    const given = parts.options === false ? { strikes: Infinity, pausesMs: [] } : parts.options;
    this.#options = { ...DEFAULT_QUARANTINE, ...given };
    for (const record of parts.store.listStrikes()) this.#keep(record);
  }

  /** Takes note of what a worker did, or may have done, to its cell. */
  blame(report: BlameReport): void {
    if (report.verdict === "suspect") this.#suspect(report);
    else this.#strike(report);
  }

  /** How long the worker may not run, in ms; 0 if it may. */
  pauseMs(account: string, worker: string): number {
    // Asked for each event, and most hosts have nobody to pause.
    if (this.#records.size === 0) return 0;
    const record = this.#record(account, worker);
    return record === undefined ? 0 : Math.max(0, record.untilMs - this.#parts.now());
  }

  /**
   * As what the worker gets a cell of its own for now; null if it gets none. An account of which as many workers as lead
   * to a pause have ended cells lately is kept apart as a whole: it would have a next one for each pause.
   */
  aloneAs(account: string, worker: string): BlameReport["verdict"] | null {
    if (this.#records.size === 0 && this.#suspects.size === 0) return null;
    const now = this.#parts.now();
    if (this.#isStruck(account, worker, now)) return "culprit";
    let struck = 0;
    for (const other of this.#struck.get(account) ?? [])
      if (this.#isStruck(account, other, now) && ++struck >= this.#options.strikes) return "culprit";
    return now < (this.#suspects.get(workerKey(account, worker)) ?? 0) ? "suspect" : null;
  }

  /** Every worker that has a strike which is not forgotten. */
  list(): QuarantineEntry[] {
    this.#forgetOld();
    return [...this.#records.values()].map((record) => this.#entry(record));
  }

  /** Forgets everything about a worker, so that it runs again at once. @returns Whether there was anything. */
  lift(account: string, worker: string): boolean {
    this.#suspects.delete(workerKey(account, worker));
    const there = this.#records.has(workerKey(account, worker));
    this.#remove(account, worker);
    return there;
  }

  #isStruck(account: string, worker: string, now: number): boolean {
    const record = this.#record(account, worker);
    return record !== undefined && now < this.#aloneUntilMs(record);
  }

  #keep(record: StrikeRecord): void {
    this.#records.set(workerKey(record.account, record.worker), record);
    const workers = this.#struck.get(record.account);
    if (workers === undefined) this.#struck.set(record.account, new Set([record.worker]));
    else workers.add(record.worker);
  }

  #suspect({ account, worker, timeMs }: BlameReport): void {
    const key = workerKey(account, worker);
    this.#suspects.delete(key);
    this.#suspects.set(key, timeMs + this.#options.aloneMs);
    const [oldest] = this.#suspects.keys();
    if (this.#suspects.size > MAX_SUSPECTS) this.#suspects.delete(oldest!);
  }

  #strike(report: BlameReport): void {
    this.#forgetOld();
    const { account, worker, timeMs } = report;
    const { strikes, withinMs, pausesMs } = this.#options;
    const before = this.#record(account, worker);
    const recent = (before?.strikesMs ?? []).filter((ms) => ms > timeMs - withinMs);
    const onProbation = before !== undefined && before.pauses > 0 && timeMs < this.#probationUntilMs(before);
    let record: StrikeRecord = {
      account,
      worker,
      strikesMs: [...recent, timeMs],
      pauses: before?.pauses ?? 0,
      lastMs: timeMs,
      untilMs: before?.untilMs ?? 0,
      evidenceJson: JSON.stringify(report),
    };
    // What still runs of it may end a cell during a pause: that is no reason for a further one.
    const paused = timeMs < record.untilMs;
    const pauses = !paused && pausesMs.length > 0 && (onProbation || record.strikesMs.length >= strikes);
    if (pauses) {
      const pauseMs = pausesMs[Math.min(record.pauses, pausesMs.length - 1)]!;
      record = { ...record, strikesMs: [], pauses: record.pauses + 1, untilMs: timeMs + pauseMs };
    }
    this.#keep(record);
    this.#try(() => this.#parts.store.saveStrikes(record));
    if (pauses) this.#try(() => this.#parts.onQuarantine?.(this.#entry(record)));
  }

  #entry(record: StrikeRecord): QuarantineEntry {
    const { account, worker, strikesMs, pauses, untilMs, evidenceJson } = record;
    const now = this.#parts.now();
    const strikes = strikesMs.filter((ms) => ms > now - this.#options.withinMs).length;
    const lastStrike = JSON.parse(evidenceJson) as BlameReport;
    const common = { account, worker, strikes, pauses, lastStrike };
    if (now < untilMs) return { ...common, state: "quarantined", untilMs };
    const onProbation = pauses > 0 && now < this.#probationUntilMs(record);
    return { ...common, state: onProbation ? "probation" : "watched", untilMs: null };
  }

  #probationUntilMs({ untilMs }: StrikeRecord): number {
    return untilMs + this.#options.aloneMs;
  }

  #aloneUntilMs(record: StrikeRecord): number {
    const afterPause = record.pauses > 0 ? this.#probationUntilMs(record) : 0;
    return Math.max(record.lastMs + this.#options.aloneMs, afterPause);
  }

  #record(account: string, worker: string): StrikeRecord | undefined {
    const record = this.#records.get(workerKey(account, worker));
    return record === undefined || this.#isOld(record) ? undefined : record;
  }

  #isOld({ lastMs, untilMs }: StrikeRecord): boolean {
    return this.#parts.now() > Math.max(lastMs, untilMs) + this.#options.forgetMs;
  }

  #forgetOld(): void {
    for (const record of this.#records.values())
      if (this.#isOld(record)) this.#remove(record.account, record.worker);
  }

  #remove(account: string, worker: string): void {
    const workers = this.#struck.get(account);
    if (workers?.delete(worker) === true && workers.size === 0) this.#struck.delete(account);
    if (this.#records.delete(workerKey(account, worker)))
      this.#try(() => this.#parts.store.removeStrikes(account, worker));
  }

  /** The host goes on as well as it can without the store. */
  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#parts.onFault(error);
    }
  }
}
