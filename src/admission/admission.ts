import type { Clock } from "../clock/clock.ts";
import { AccountLoad } from "./account-load.ts";
import { CpuBudget } from "./cpu-budget.ts";
import type { AccountAdmission, AdmissionOptions } from "./options.ts";

const LOOK_MS = 100;
/** Part of the host's places from which on accounts are held to their shares. */
const CROWDED = 0.8;
/** Part of its fair share of CPU from which on an account counts as one that causes the load. */
const HEAVY = 0.8;
/** Part of all CPU that makes an account one of those that compete. */
const COMPETES = 0.02;
/** Time that an account is remembered after its last event, once its budget is full, in ms. */
const REMEMBERED_MS = 60_000;

/** Why an event may not begin. */
export type Refusal = "overloaded" | "exceededAccountCpu";

/** What one account has under way, and has used since it was last idle for a minute. */
export interface AccountStats {
  readonly account: string;
  /** Events that wait or run. */
  readonly inFlight: number;
  /** Those of them that have had no turn yet. */
  readonly waiting: number;
  readonly sockets: number;
  readonly cpuMs: number;
  /** What is left of its CPU of this minute; null where it has no limit. */
  readonly cpuLeftMs: number | null;
  /** Events that were refused. */
  readonly refused: number;
  /** Whether events are refused now because the account overloads the host. */
  readonly shedding: boolean;
}

/** Decides which events may begin: bounded by account and host, by CPU, and by how long events wait. */
export class Admission {
  readonly #options: Required<AdmissionOptions>;
  readonly #clock: Clock;
  readonly #settingsOf: (account: string) => AccountAdmission;
  readonly #accounts = new Map<string, AccountLoad>();
  #running = 0;
  #timer: NodeJS.Timeout | undefined;
  #lookedMs = 0;
  #delayMs = 0;

  constructor(
    options: Required<AdmissionOptions>,
    clock: Clock,
    settingsOf: (account: string) => AccountAdmission,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#settingsOf = settingsOf;
  }

  /** How late the host's loop was of late, in ms. */
  get loopDelayMs(): number {
    return this.#delayMs;
  }

  loadOf(account: string): AccountLoad {
    let load = this.#accounts.get(account);
    if (load === undefined) {
      const { weight, cpuMsPerMinute } = this.#settingsOf(account);
      const nowMs = this.#clock.monotonicMs();
      load = new AccountLoad(account, weight, new CpuBudget(cpuMsPerMinute, nowMs), nowMs);
      this.#accounts.set(account, load);
    }
    return load;
  }

  /**
   * Takes a place for an event of the account.
   * @param concurrency places that the account has
   * @returns null if there was one; then `leave` must follow once
   */
  enter(load: AccountLoad, concurrency: number): Refusal | null {
    const refusal = this.#refusalOf(load, concurrency);
    if (refusal !== null) {
      load.refuse();
      return refusal;
    }
    load.running++;
    this.#running++;
    this.#watch();
    return null;
  }

  leave(load: AccountLoad): void {
    load.running--;
    this.#running--;
  }

  /** Charges CPU. @returns whether the account is so far over its budget that what runs has to end */
  spent(load: AccountLoad, cpuUs: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    load.spent(cpuUs, nowMs);
    this.#watch();
    return load.budget.isOverdrawn(nowMs);
  }

  /** Seconds after which an event of the account may begin, as far as its CPU is concerned; at least 1. */
  retryAfterS(account: string): number {
    const refillsInMs = this.#accounts.get(account)?.budget.refillsInMs(this.#clock.monotonicMs()) ?? 0;
    return Math.max(1, Math.ceil(refillsInMs / 1_000));
  }

  stats(): AccountStats[] {
    const nowMs = this.#clock.monotonicMs();
    return [...this.#accounts.values()].map((load) => {
      const leftMs = load.budget.leftMs(nowMs);
      return {
        account: load.name,
        inFlight: load.running,
        waiting: load.pending + load.queued,
        sockets: load.sockets,
        cpuMs: load.cpuUs / 1_000,
        cpuLeftMs: leftMs === Infinity ? null : leftMs,
        refused: load.refused,
        shedding: load.maxPending < Infinity,
      };
    });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #refusalOf(load: AccountLoad, concurrency: number): Refusal | null {
    const { hostConcurrency } = this.#options;
    if (load.running >= concurrency || load.isFull || this.#running >= hostConcurrency) return "overloaded";
    if (this.#running >= hostConcurrency * CROWDED && load.running >= this.#shareOf(load))
      return "overloaded";
    return load.budget.isEmpty(this.#clock.monotonicMs()) ? "exceededAccountCpu" : null;
  }

  /** Places that an account has where those of the host are almost taken. */
  #shareOf(load: AccountLoad): number {
    let weights = 0;
    for (const other of this.#accounts.values())
      if (other.running > 0 || other === load) weights += other.weight;
    return (this.#options.hostConcurrency * load.weight) / weights;
  }

  /** Looks at all accounts from time to time, as long as any of them does something. */
  #watch(): void {
    if (this.#timer !== undefined) return;
    this.#lookedMs = this.#clock.monotonicMs();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    const elapsedMs = Math.max(1, nowMs - this.#lookedMs);
    this.#lookedMs = nowMs;
    this.#delayMs += (Math.max(0, elapsedMs - LOOK_MS) - this.#delayMs) / 4;
    const { maxWaitMs } = this.#options;
    const fairUs = this.#fairUs(nowMs);
    for (const load of this.#accounts.values()) {
      load.budget.leftMs(nowMs);
      if (!load.isIdle || !load.budget.isFull) load.lastBusyMs = nowMs;
      else if (nowMs - load.lastBusyMs > REMEMBERED_MS) this.#accounts.delete(load.name);
      if (maxWaitMs > 0)
        load.look(elapsedMs, maxWaitMs, load.latelyUs(nowMs) >= fairUs * load.weight * HEAVY);
    }
    if (this.#accounts.size === 0) this.close();
  }

  /** CPU of late that each unit of weight would have, were it shared evenly among those who want it. */
  #fairUs(nowMs: number): number {
    let allUs = 0;
    for (const load of this.#accounts.values()) allUs += load.latelyUs(nowMs);
    let weights = 0;
    for (const load of this.#accounts.values())
      if (load.latelyUs(nowMs) >= allUs * COMPETES || load.pending > 0) weights += load.weight;
    return weights === 0 ? 0 : allUs / weights;
  }
}
