import type { Clock } from "../clock/clock.ts";
import { AccountLoad } from "./account-load.ts";
import { CpuBudget } from "./cpu-budget.ts";
import type { AccountAdmission, AdmissionOptions } from "./options.ts";
import type { Pacer } from "./pacer.ts";

const LOOK_MS = 100;
/** Part of the host's places from which on accounts are held to their shares. */
const CROWDED = 0.8;
/** Part of all CPU that makes an account one of those that compete. */
const COMPETES = 0.02;
/** Time that an account is remembered after its last event, once its budget is full, in ms. */
const REMEMBERED_MS = 60_000;

/** CPU of late that says nothing any more, in microseconds. */
const FORGOTTEN_US = 100;

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
  /** CPU in ms that it may use in a second beside others, as it uses most; null where nothing holds it. */
  readonly paceMs: number | null;
  /** Whether events are refused now because the account overloads the host. */
  readonly shedding: boolean;
}

/** Decides which events may begin: bounded by account and host, by CPU, and by how long events wait. */
export class Admission {
  readonly #options: Required<AdmissionOptions>;
  readonly #clock: Clock;
  readonly #settingsOf: (account: string) => AccountAdmission;
  readonly #accounts = new Map<string, AccountLoad>();
  /** Accounts that do something, or did a moment ago: only these cost anything at a look. */
  readonly #awake = new Set<AccountLoad>();
  /** The others, and since when; longest first. */
  readonly #asleep = new Map<AccountLoad, number>();
  #running = 0;
  /** Sum of the weights of accounts that have events under way. */
  #weights = 0;
  #timer: NodeJS.Timeout | undefined;
  #lookedMs = 0;
  #delayMs = 0;
  #pacer: Pacer | undefined;

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

  /** Has accounts held to their pace. @param pacer looks at accounts as often as this does */
  pacedBy(pacer: Pacer): void {
    this.#pacer = pacer;
  }

  loadOf(account: string): AccountLoad {
    let load = this.#accounts.get(account);
    if (load === undefined) {
      const { weight, cpuMsPerMinute } = this.#settingsOf(account);
      const nowMs = this.#clock.monotonicMs();
      load = new AccountLoad(account, weight, new CpuBudget(cpuMsPerMinute, nowMs), nowMs);
      this.#accounts.set(account, load);
      this.#asleep.set(load, nowMs);
      this.#watch();
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
    if (load.running++ === 0) this.#weights += load.weight;
    this.#running++;
    this.#wake(load);
    return null;
  }

  leave(load: AccountLoad): void {
    if (--load.running === 0) this.#weights -= load.weight;
    this.#running--;
  }

  /** Charges CPU; what is no amount above 0 is none. @returns whether the account is so far over its budget that what runs has to end */
  spent(load: AccountLoad, cpuUs: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    // Nobody gets CPU back: what others may use is worked out from the sum of all.
    if (cpuUs > 0) {
      load.spent(cpuUs, nowMs);
      this.#wake(load);
    }
    return load.budget.isOverdrawn(nowMs);
  }

  /** Charges CPU that the host itself used for the account. */
  spentInHost(load: AccountLoad, cpuUs: number): void {
    if (cpuUs > 0) load.spentInHost(cpuUs, this.#clock.monotonicMs());
    void this.spent(load, cpuUs);
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
        paceMs: load.paceUs === Infinity ? null : load.paceUs / 1_000,
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
    const weights = this.#weights + (load.running > 0 ? 0 : load.weight);
    return (this.#options.hostConcurrency * load.weight) / weights;
  }

  #wake(load: AccountLoad): void {
    this.#watch();
    if (!this.#asleep.delete(load) && this.#awake.has(load)) return;
    this.#awake.add(load);
    this.#accounts.set(load.name, load);
  }

  /** Looks at accounts from time to time, as long as any is remembered. */
  #watch(): void {
    if (this.#timer !== undefined) return;
    this.#lookedMs = this.#clock.monotonicMs();
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    this.#timer.unref();
  }

  /** Looks back on the time since the last look; its own timer calls it. */
  look(): void {
    const nowMs = this.#clock.monotonicMs();
    const elapsedMs = Math.max(1, nowMs - this.#lookedMs);
    this.#lookedMs = nowMs;
    this.#delayMs += (Math.max(0, elapsedMs - LOOK_MS) - this.#delayMs) / 4;
    this.#pacer?.look(this.#awake, nowMs);
    const { maxWaitMs, reserve } = this.#options;
    const fairUs = maxWaitMs > 0 ? this.#fairUs(nowMs) : () => 0;
    for (const load of this.#awake) {
      load.budget.leftMs(nowMs);
      const latelyUs = load.latelyUs(nowMs);
      const counts = load.paceUs === Infinity ? 1 : 1 - reserve;
      if (maxWaitMs > 0) load.look(elapsedMs, maxWaitMs, load.isHeavy(fairUs(load), nowMs), counts);
      const isBusy = !load.isIdle || !load.budget.isFull || load.maxPending < Infinity;
      if (isBusy || latelyUs >= FORGOTTEN_US) continue;
      this.#awake.delete(load);
      this.#asleep.set(load, nowMs);
    }
    for (const [load, sinceMs] of this.#asleep) {
      if (nowMs - sinceMs <= REMEMBERED_MS) break;
      this.#asleep.delete(load);
      if (this.#accounts.get(load.name) === load) this.#accounts.delete(load.name);
    }
    if (this.#accounts.size === 0) this.close();
  }

  /**
   * CPU of late that an account would have, were it shared evenly among those who want it. What others have not
   * reported yet counts as used: who looks heavy only beside them is not.
   */
  #fairUs(nowMs: number): (load: AccountLoad) => number {
    let allUs = 0;
    let unreportedUs = 0;
    for (const load of this.#awake) {
      allUs += load.latelyUs(nowMs);
      unreportedUs += load.unreportedUs;
    }
    let weights = 0;
    for (const load of this.#awake)
      if (load.latelyUs(nowMs) >= allUs * COMPETES || load.pending > 0 || load.unreportedUs > 0)
        weights += load.weight;
    return (load) =>
      weights === 0 ? 0 : ((allUs + unreportedUs - load.unreportedUs) * load.weight) / weights;
  }
}
