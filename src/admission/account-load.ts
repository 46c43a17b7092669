import { Lately } from "../clock/lately.ts";
import { IdTable } from "../ids/id-table.ts";
import type { CpuBudget } from "./cpu-budget.ts";

/** What an account may have used without a report yet, at most, in ms of one core. */
const UNREPORTED_MS = 1_000;
/** Weight of the newest look in the rate at which events begin. */
const NEWEST = 0.3;
/** How long events have to wait too long before some are refused, and how long none is refused before that ends, in ms. */
const PATIENCE_MS = 300;
/** Events that an account may always have waiting: shares of a second say nothing about so few. */
const FEW = 16;
/** A look that comes late says no more than one in time: it may be the host that stood still. In ms. */
const LONGEST_LOOK_MS = 150;
/** Part of its fair share of CPU from which on an account counts as one that causes the load. */
const HEAVY = 0.8;
/** CPU of the last second below which no event is refused, whatever the wait: 10 % of one core, in microseconds. */
const LIGHT_US = 100_000;
/** Events of long turns wait for long by their nature: this many times what one takes is no overload. */
const TURNS = 4;

/** An event that was sent to an isolate and has had no turn there. */
export interface WaitingEvent {
  /** Events of one isolate have their first turns in the order in which they were sent. */
  readonly isolate: object;
  /** Its number among those that wait, which its account gives it; 0 while it does not wait. */
  waitsAs: number;
  /** Ends it: it would wait too long. */
  shed(): void;
}

/**
 * What one account has under way: events, how long they wait for their first turn, and the CPU they use. An event waits
 * from the moment it is sent to an isolate until its first turn is over, less the CPU that it used itself.
 */
export class AccountLoad {
  readonly name: string;
  readonly weight: number;
  readonly budget: CpuBudget;
  /** Events that wait or run. */
  running = 0;
  /** Events that wait for an isolate. */
  queued = 0;
  /** Events that have begun in this turn of the host's loop. */
  begunInTurn = 0;
  /** WebSockets that keep an event alive. */
  sockets = 0;
  /** CPU used, in microseconds. */
  cpuUs = 0;
  /** Events that were refused. */
  refused = 0;
  /** What it may use in a second beside others, in microseconds; Infinity where nothing holds it. */
  paceUs: number = Infinity;
  /** When it used CPU last. */
  spentMs: number = -Infinity;
  /** More events may not wait; Infinity while the account does not overload the host. */
  maxPending: number = Infinity;
  /** Events that were sent and have not begun, in that order. */
  readonly #waiting = new IdTable<WaitingEvent>();
  #sent = 0;
  #begun = 0;
  #shortestWaitMs = Infinity;
  #turnUs = 0;
  #isRefusing = false;
  #badMs = 0;
  #quietMs = 0;
  #leastBadMs = Infinity;
  #stalledMs = 0;
  #silentMs = 0;
  #ratePerMs = 0;
  readonly #lately: Lately;
  /** The part of it that the host's own process used. */
  readonly #latelyInHost: Lately;

  constructor(name: string, weight: number, budget: CpuBudget, nowMs: number) {
    this.#lately = new Lately(nowMs);
    this.#latelyInHost = new Lately(nowMs);
    this.name = name;
    this.weight = weight;
    this.budget = budget;
  }

  /** Events that were sent to an isolate and have had no turn there. */
  get pending(): number {
    return this.#waiting.size;
  }

  get isIdle(): boolean {
    return this.running === 0 && this.sockets === 0;
  }

  /** Whether one event more would wait too long. */
  get isFull(): boolean {
    return this.pending + this.queued >= this.maxPending;
  }

  refuse(): void {
    this.refused++;
    this.#isRefusing = true;
  }

  /** An event was sent to an isolate; `began` or `withdrew` follows. */
  sent(event: WaitingEvent): void {
    event.waitsAs = ++this.#sent;
    this.#waiting.set(event.waitsAs, event);
  }

  /** An event ended before its first turn. */
  withdrew(event: WaitingEvent): void {
    if (event.waitsAs > 0) this.#waiting.delete(event.waitsAs);
    event.waitsAs = 0;
  }

  /** The first turn of an event is over. @param waitMs time since it was sent @param cpuUs what it used of that */
  began(event: WaitingEvent, waitMs: number, cpuUs: number): void {
    this.withdrew(event);
    this.#begun++;
    this.#turnUs += cpuUs;
    this.#shortestWaitMs = Math.min(this.#shortestWaitMs, Math.max(0, waitMs - cpuUs / 1_000));
  }

  /** CPU was used for the account. */
  spent(cpuUs: number, nowMs: number): void {
    this.cpuUs += cpuUs;
    this.budget.charge(cpuUs / 1_000);
    this.#lately.add(cpuUs, nowMs);
    this.spentMs = nowMs;
  }

  /** The host used CPU for the account, which is charged by `spent` as well. */
  spentInHost(cpuUs: number, nowMs: number): void {
    this.#latelyInHost.add(cpuUs, nowMs);
  }

  /** CPU of the last second or so, in microseconds; older use counts less. */
  latelyUs(nowMs: number): number {
    return this.#lately.at(nowMs);
  }

  /** What part of that its isolates used, from 0 to 1. */
  partInCells(nowMs: number): number {
    const usedUs = this.latelyUs(nowMs);
    return usedUs <= 0 ? 1 : Math.max(0, 1 - this.#latelyInHost.at(nowMs) / usedUs);
  }

  /**
   * CPU that the account may have used without a report yet, in microseconds: a start or a long slice reports at its
   * end. It is guessed from how long no event began though some wait, and is at most a second of one core.
   */
  get unreportedUs(): number {
    return Math.min(this.#silentMs, UNREPORTED_MS) * 1_000;
  }

  /** Whether the account uses so much that its events may be refused. @param fairUs its fair share of a second */
  isHeavy(fairUs: number, nowMs: number): boolean {
    const usedUs = this.latelyUs(nowMs);
    return usedUs >= LIGHT_US && usedUs >= fairUs * HEAVY;
  }

  /**
   * Looks back on the time since the last look, and decides how many events may wait.
   * @param maxWaitMs how long the luckiest event may wait @param isHeavy whether the account uses more than its share
   * @param counts part of a wait that counts: what an account waits for its pace is no overload of the host
   */
  look(elapsedMs: number, maxWaitMs: number, isHeavy: boolean, counts = 1): void {
    const turnMs = this.#begun === 0 ? 0 : this.#turnUs / this.#begun / 1_000;
    this.#stalledMs = this.#begun === 0 && this.pending > 0 ? this.#stalledMs + elapsedMs : 0;
    this.#silentMs = this.#begun === 0 && this.pending + this.queued > 0 ? this.#silentMs + elapsedMs : 0;
    const waitMs = (this.#begun > 0 ? this.#shortestWaitMs : this.#stalledMs) * counts;
    const rate = this.#begun / elapsedMs;
    this.#ratePerMs = this.#ratePerMs === 0 ? rate : this.#ratePerMs + (rate - this.#ratePerMs) * NEWEST;
    this.#countBad(waitMs, elapsedMs, Math.max(maxWaitMs, turnMs * TURNS));
    const sheds = this.maxPending < Infinity;
    // How long none was refused counts from the moment on at which some might have been.
    this.#quietMs = this.#isRefusing || !sheds ? 0 : this.#quietMs + elapsedMs;
    const goesOn = sheds && this.#quietMs < PATIENCE_MS;
    const begins = !sheds && this.#badMs >= PATIENCE_MS && isHeavy;
    // A fifth of the wait at which it began: those who come in are served well, and the threads never lack work.
    const few = Math.max(FEW, Math.round((this.#ratePerMs * maxWaitMs) / 5));
    this.maxPending = goesOn || begins ? few : Infinity;
    if (begins) this.#shed(few);
    this.#begun = 0;
    this.#turnUs = 0;
    this.#shortestWaitMs = Infinity;
    this.#isRefusing = false;
  }

  /**
   * Ends events that wait behind so many others in their isolate: what gathered until now would be answered when nobody
   * waits any more. Those ahead of them are many turns' worth, so none of these can be running already.
   */
  #shed(ahead: number): void {
    const kept = new Map<object, number>();
    for (const [, event] of this.#waiting.entries()) {
      const before = kept.get(event.isolate) ?? 0;
      kept.set(event.isolate, before + 1);
      if (before < ahead) continue;
      this.refuse();
      event.shed();
    }
  }

  /** Counts how long waits have been too long without becoming shorter: a host that catches up needs no help. */
  #countBad(waitMs: number, elapsedMs: number, mostMs: number): void {
    const isBad = waitMs > mostMs;
    if (!isBad || waitMs < this.#leastBadMs) this.#badMs = 0;
    this.#leastBadMs = isBad ? Math.min(waitMs, this.#leastBadMs) : Infinity;
    if (isBad) this.#badMs += Math.min(elapsedMs, LONGEST_LOOK_MS);
  }
}
