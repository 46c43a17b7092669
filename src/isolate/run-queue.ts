import { AccountLine } from "./account-line.ts";
import type { AccountPace } from "../cell/cell.ts";
import { Paces } from "../clock/paces.ts";
import { LineHeap } from "./line-heap.ts";

/** Something that takes a thread of the pool for a while. */
export interface Runnable {
  /** Whose it is: a number that the host gave to the account. */
  readonly account: number;
  /** What the account may have beside others. */
  readonly weight: number;
  /** CPU counted so far, in microseconds. */
  readonly boundedUs: number;
  /** CPU that its next turn should take at most, in microseconds. */
  turnUs?: number;
  /** Runs until its thread is free again. Never rejects. */
  run(): Promise<void>;
}

export interface RunQueueOptions {
  /** Entries that run at once and are younger than `youngMs`. */
  readonly young: number;
  /** Entries that run at once, whatever their age. */
  readonly all: number;
  /** Age from which an entry does not keep others waiting. */
  readonly youngMs: number;
  /** Monotonic, in ms. @default that of this process */
  readonly nowMs?: () => number;
}

/** An entry that runs. A runnable that is started again has a new one. */
interface Running {
  readonly line: AccountLine<Runnable>;
  readonly startedMs: number;
  /** CPU of its isolate that is charged already. */
  chargedUs: number;
}

/** After so long without a change of account, the one that runs is taken to be alone. */
const ALONE_MS = 1_000;
/** Accounts without work that are remembered for what they have used. */
const REMEMBERED = 1_000;

/**
 * Lets a bounded number of entries run at once: beyond the pool's size isolated-vm starts a thread for each.
 * An entry that takes long stops counting as young, so that slow tenants do not hold up the others.
 *
 * Places go to accounts by weighted fair queueing: next is the account that has used least CPU by its weight, and within
 * it the isolate that has waited longest. Entries cannot be interrupted, so accounts are bounded by how many run, too:
 * - while another waits: its share of the young places, old entries counted;
 * - beside another account of the last second: all young places but one;
 * - alone: half of all places, so that who comes finds some.
 * Who runs something already leaves as many places as are young to those who run nothing.
 *
 * An account that has a pace, and has used what that gives it, waits apart until something has come in again: the
 * others go on as if it wanted nothing.
 */
export class RunQueue {
  readonly #options: RunQueueOptions;
  readonly #clockMs: () => number;
  readonly #lines = new Map<number, AccountLine<Runnable>>();
  readonly #heap = new LineHeap<Runnable>();
  readonly #running = new Map<Runnable, Running>();
  /** What accounts may use, where the host holds them to a pace. */
  readonly #paces = new Paces<number>();
  /** Lines that have work and wait for their pace. */
  readonly #held = new Set<AccountLine<Runnable>>();
  /** How much the account had that was let in last: time on the scale of lines. */
  #nowUs = 0;
  /** Sum of the weights of accounts that wait or run. */
  #weight = 0;
  #waiting = 0;
  #lastAccount = -1;
  #contendedMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  /** When something has come in for the first of those that are held. */
  #letGoMs = Infinity;
  #letGoTimer: NodeJS.Timeout | undefined;
  #paused = false;

  constructor(options: RunQueueOptions) {
    this.#options = options;
    this.#clockMs = options.nowMs ?? (() => performance.now());
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting;
  }

  add(runnable: Runnable): void {
    const line = this.#lineOf(runnable);
    if (line.isIdle) {
      line.wake(this.#nowUs);
      this.#weight += line.weight;
    }
    if (runnable.account !== this.#lastAccount) {
      if (this.#lastAccount >= 0) this.#contendedMs = this.#clockMs();
      this.#lastAccount = runnable.account;
    }
    line.push(runnable);
    this.#waiting++;
    if (!this.#heap.has(line) && !this.#held.has(line)) this.#lineUp(line);
  }

  /** Sets the pace of accounts; those that are not named have none from now on. */
  pace(paces: readonly AccountPace[]): void {
    this.#paces.set(new Map(paces.map(({ account, usPerMs }) => [account, usPerMs])), this.#clockMs());
    this.#letGo();
    this.pump();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.pump();
  }

  /** An entry that was given up stops counting at once. */
  release(runnable: Runnable): void {
    const running = this.#running.get(runnable);
    if (running !== undefined) this.#leave(runnable, running);
    this.pump();
  }

  /** Charges what runs for what it has used so far, then pumps. To be called every few ms while anything runs. */
  tick(): void {
    for (const [runnable, running] of this.#running) this.#charge(runnable, running);
    this.pump();
  }

  /** Starts what has a place. To be called when one may have come free. */
  pump(): void {
    while (!this.#paused && this.#waiting > 0) {
      const nowMs = this.#clockMs();
      if (nowMs >= this.#letGoMs) this.#letGo();
      const line = this.#next(nowMs);
      if (line === undefined) return this.#awaitAge(nowMs);
      this.#start(line, nowMs);
    }
  }

  #start(line: AccountLine<Runnable>, nowMs: number): void {
    const runnable = line.shift()!;
    this.#waiting--;
    this.#nowUs = Math.max(this.#nowUs, line.virtualUs);
    line.chargeEntry();
    line.running++;
    runnable.turnUs = this.#paces.burstUs(line.account);
    if (line.waiting > 0) this.#heap.push(line);
    const running: Running = { line, startedMs: nowMs, chargedUs: runnable.boundedUs };
    this.#running.set(runnable, running);
    void runnable.run().finally(() => {
      // It may have been released, and started again, before this is heard.
      if (this.#running.get(runnable) === running) this.#leave(runnable, running);
      this.pump();
    });
  }

  #leave(runnable: Runnable, running: Running): void {
    const { line } = running;
    this.#charge(runnable, running);
    this.#running.delete(runnable);
    line.running--;
    if (line.isIdle) this.#rest(line);
  }

  #rest(line: AccountLine<Runnable>): void {
    this.#weight -= line.weight;
    if (this.#lines.size <= REMEMBERED) return;
    for (const [account, other] of this.#lines) if (other.isIdle) this.#lines.delete(account);
  }

  #charge(runnable: Runnable, running: Running): void {
    const cpuUs = runnable.boundedUs - running.chargedUs;
    if (cpuUs <= 0) return;
    running.chargedUs = runnable.boundedUs;
    const { line } = running;
    line.charge(cpuUs, this.#nowUs);
    if (this.#paces.isEmpty) return this.#heap.sink(line);
    this.#paces.charge(line.account, cpuUs, this.#clockMs());
    if (this.#heap.remove(line)) this.#lineUp(line);
  }

  #lineOf({ account, weight }: Runnable): AccountLine<Runnable> {
    let line = this.#lines.get(account);
    if (line === undefined) this.#lines.set(account, (line = new AccountLine(account, weight)));
    return line;
  }

  /** Takes the line out of the heap from which the next entry comes; undefined if none may start one now. */
  #next(nowMs: number): AccountLine<Runnable> | undefined {
    if (this.#running.size === 0) return this.#heap.shift();
    if (this.#running.size >= this.#options.all) return undefined;
    if (this.#countYoung(nowMs) >= this.#options.young) return undefined;
    // Only accounts that run something are held back, and those are few.
    const heldBack: AccountLine<Runnable>[] = [];
    const waiting = this.#heap.size;
    let found = this.#heap.shift();
    while (found !== undefined && !this.#mayStart(found, waiting > 1, nowMs)) {
      heldBack.push(found);
      found = this.#heap.shift();
    }
    for (const line of heldBack) this.#heap.push(line);
    return found;
  }

  #mayStart(line: AccountLine<Runnable>, othersWait: boolean, nowMs: number): boolean {
    if (line.running === 0) return true;
    const { young, all } = this.#options;
    if (this.#running.size >= all - young) return false;
    if (othersWait) return line.running < Math.ceil((young * line.weight) / this.#weight);
    if (nowMs - this.#contendedMs > ALONE_MS) return line.running < all / 2;
    return line.running < young - 1;
  }

  #countYoung(nowMs: number): number {
    let count = 0;
    for (const { startedMs } of this.#running.values())
      if (nowMs - startedMs < this.#options.youngMs) count++;
    return count;
  }

  /** Has a line wait for a place or, where its account has used what its pace gives it, until more has come in. */
  #lineUp(line: AccountLine<Runnable>): void {
    if (this.#paces.isEmpty) return this.#heap.push(line);
    const nowMs = this.#clockMs();
    const waitMs = this.#paces.waitMs(line.account, nowMs);
    if (waitMs === 0) return this.#heap.push(line);
    this.#held.add(line);
    const letGoMs = nowMs + Math.max(1, waitMs);
    if (letGoMs >= this.#letGoMs) return;
    this.#letGoMs = letGoMs;
    clearTimeout(this.#letGoTimer);
    const onTime = (): void => {
      this.#letGo();
      this.pump();
    };
    this.#letGoTimer = setTimeout(onTime, letGoMs - nowMs);
  }

  /** Looks anew who is held. */
  #letGo(): void {
    clearTimeout(this.#letGoTimer);
    this.#letGoMs = Infinity;
    const held = [...this.#held];
    this.#held.clear();
    for (const line of held) this.#lineUp(line);
  }

  /** Something waits: a place may come with the end of an entry's youth. */
  #awaitAge(nowMs: number): void {
    if (this.#timer !== undefined) return;
    let nextMs = Infinity;
    for (const { startedMs } of this.#running.values()) {
      const oldMs = startedMs + this.#options.youngMs;
      if (oldMs > nowMs) nextMs = Math.min(nextMs, oldMs);
    }
    if (nextMs === Infinity) return;
    const onAge = (): void => {
      this.#timer = undefined;
      this.pump();
    };
    this.#timer = setTimeout(onAge, Math.max(1, Math.ceil(nextMs - nowMs)));
    this.#timer.unref();
  }
}
