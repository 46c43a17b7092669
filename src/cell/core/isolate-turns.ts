import { Op } from "../../../runtime-api/contract/calls.ts";
import { RUNTIME_SLOT } from "../../../runtime-api/contract/boot.ts";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../../runtime-api/contract/in.ts";
import { SOCKET_BUDGET_MS, TASKS_AT_ONCE } from "../../../runtime-api/contract/bounds.ts";
import { Out, type OutMessage } from "../../../runtime-api/contract/out.ts";
import type { EventCost } from "../cell.ts";
import { IsolateLedger } from "../protocol/isolate-ledger.ts";
import { decodeOut } from "../protocol/out-codec.ts";
import { Violation } from "../protocol/violation.ts";
import { encodeIn } from "../protocol/in-codec.ts";
import { EventTimers } from "./event-timers.ts";
import type { FloatingError, Slice, TurnResult } from "./isolates.ts";
import { sliceCosts } from "./slice-costs.ts";
import { SliceQueue } from "./slice-queue.ts";

/** Floating errors of one event that become log lines; a flood of them is worth no more. */
const FLOATING_PER_EVENT = 100;

/**
 * Timers that one turn fires; the others that are due wait for the next one. Each is an entry of its own, which the
 * cell's loop prepares and hears of: with hundreds at one go everybody else's turns waited for milliseconds.
 */
const TIMERS_PER_TURN = 40;

/**
 * CPU that a turn should take at most, in microseconds: nobody can interrupt it, and its first answers wait for its last
 * slice. It holds as many slices as the slices of late would do in this time.
 */
const TURN_US = 10_000;
/** Slices of a first turn, of which nothing is known: what came during a start may be seconds' worth. */
const FIRST_SLICES = 10;
/** Weight of the newest turn in what a slice takes. */
const NEWEST = 0.25;

/** Operations of the runtime's own slot that the cell answers itself. */
const CELL_OPS: readonly string[] = [Op.digest, Op.codec, Op.codecClose];

/** A call that the cell answers itself. */
export interface CellCall {
  readonly event: number;
  readonly call: number;
  readonly op: string;
  readonly args: readonly Flat[];
}

/** What a turn means to the host and to the cell. */
export interface TurnOutcome {
  readonly messages: OutMessage[];
  readonly costs: readonly EventCost[];
  readonly cellCalls: readonly CellCall[];
  /** A live event that has used more CPU than it may; -1 if there is none. */
  readonly overCpu: number;
  /** The turn's one slice is open, and its event waits for nothing that the cell knows of: it may be hung. */
  readonly mayHang: boolean;
}

/** What is queued for one isolate, what its events hold, and what they have used. */
export class IsolateTurns {
  readonly #cpuUs: number;
  readonly #ledger = new IsolateLedger();
  readonly #timers = new EventTimers();
  readonly #used = new Map<number, number>();
  readonly #floating = new Map<number, number>();
  /** Tasks, which are timers without a delay, that an event has set with the budget of the moment. */
  readonly #tasks = new Map<number, number>();
  readonly #started = new Set<number>();
  /** What an event had used when a message of a WebSocket gave it a new budget. */
  readonly #usedBefore = new Map<number, number>();
  /** When an event that a WebSocket keeps alive got its budget. */
  readonly #begunMs = new Map<number, number>();
  readonly #queue = new SliceQueue();
  #inTurn: readonly number[] = [];
  #slicesInTurn = 0;
  /** CPU that a slice took of late, in microseconds. */
  #sliceUs = 1;
  #mostQueued = FIRST_SLICES;
  #overcharged = -1;
  #clockMs = 0;

  readonly #onEnd: (event: number) => void;

  /** @param cpuMs CPU that one event may use @param onEnd hears, at least once, that an event is over */
  constructor(cpuMs: number, onEnd: (event: number) => void = () => {}) {
    this.#cpuUs = cpuMs * 1_000;
    this.#onEnd = onEnd;
  }

  /** Whether the event has begun and not ended. */
  isLive(event: number): boolean {
    return this.#ledger.isLive(event);
  }

  /** Events that ran at least one slice and have not ended. */
  get started(): readonly number[] {
    return [...this.#started];
  }

  /** Events of which it is kept what they have used. */
  get charged(): readonly number[] {
    return [...this.#used.keys()];
  }

  /** When the next timer is due, by the monotonic clock given to `take`. */
  get nextTimerMs(): number | undefined {
    return this.#timers.nextMs;
  }

  get late(): number {
    return this.#ledger.late;
  }

  /** Texts and bytes that wait for a turn. */
  get queuedBytes(): number {
    return this.#queue.sizeBytes;
  }

  /** Queues records for the next turn; what is late or unknown is counted and left out. */
  deliver(messages: readonly InMessage[]): void {
    for (const message of messages) {
      if (!this.#ledger.inbound(message)) continue;
      if (message.type === In.drop) this.#dropped(message.event);
      if (message.type === In.charge) this.#use(message.event, message.cpuUs);
      else this.#queue.add(message);
    }
  }

  /** Whether records wait for a further turn. */
  get hasWork(): boolean {
    return !this.#queue.isEmpty;
  }

  /**
   * What is queued, a slice per event in order of arrival, then the due timers, each in a slice of its
   * own: a timer is a task, whose microtasks run before the next one. All of it, unless slices of late took long.
   */
  take(monotonicMs: number, wallMs: number, mostUs: number = TURN_US): readonly Slice[] {
    // A clock set back would make time run backwards inside; a step of more than a second is meant.
    this.#clockMs = wallMs < this.#clockMs - 1_000 ? wallMs : Math.max(wallMs, this.#clockMs);
    const slices: Slice[] = [];
    const events = new Set<number>();
    const add = (event: number, flat: Flat[]): void => {
      flat[1] = this.#clockMs;
      if (monotonicMs - (this.#begunMs.get(event) ?? monotonicMs) >= SOCKET_BUDGET_MS)
        this.#beginAnew(event, monotonicMs);
      slices.push({ event, usedUs: this.#budgetUsed(event), flat });
      this.#started.add(event);
      events.add(event);
    };
    const most = Math.max(1, Math.floor(Math.min(TURN_US, mostUs) / this.#sliceUs));
    const { slices: queued, fresh } = this.#queue.take(Math.min(most, this.#mostQueued));
    for (const event of fresh) this.#tasks.delete(event);
    for (const event of fresh) this.#beginAnew(event, monotonicMs);
    for (const [event, flat] of queued) add(event, flat);
    for (const { event, timer } of this.#timers.takeDue(monotonicMs, Math.min(TIMERS_PER_TURN, most))) {
      const message: InMessage = { type: In.timer, event, timer };
      if (!this.#ledger.inbound(message)) continue;
      const flat: Flat[] = [event, 0];
      encodeIn(flat, message);
      add(event, flat);
    }
    this.#inTurn = [...events];
    this.#slicesInTurn = slices.length;
    return slices;
  }

  /**
   * Reads what came of the turn of the last `take`.
   * @throws Violation if no honest runtime could have put it out
   */
  turned(result: TurnResult, monotonicMs: number): TurnOutcome {
    const messages = this.#floatingLines(result.floating);
    const cellCalls: CellCall[] = [];
    const wallUs = new Map<number, number>();
    for (const message of decodeOut(result.output)) {
      if (message.type === Out.slice) {
        if (!this.#inTurn.includes(message.event)) throw new Violation("a slice that was not in the turn");
        wallUs.set(message.event, (wallUs.get(message.event) ?? 0) + message.wallUs);
      } else if (this.#ledger.outbound(message)) {
        this.#sort(message, messages, cellCalls, monotonicMs);
      }
    }
    this.#mostQueued = Infinity;
    if (this.#slicesInTurn > 0) {
      const sliceUs = result.cpuUs / this.#slicesInTurn;
      this.#sliceUs = Math.max(1, this.#sliceUs + (sliceUs - this.#sliceUs) * NEWEST);
    }
    const costs = result.isOpen === true ? this.#chargeOne(result.cpuUs) : this.#charge(wallUs, result.cpuUs);
    let overCpu = -1;
    for (const { event, cpuUs } of costs) {
      if (!this.#ledger.isLive(event)) this.#forget(event);
      else if (cpuUs - (this.#usedBefore.get(event) ?? 0) > this.#cpuUs) overCpu = event;
    }
    const [first = -1] = this.#inTurn;
    const mayHang = result.isOpen === true && this.#ledger.isLive(first) && !this.#ledger.expects(first);
    if (mayHang) this.#slicesInTurn = 0;
    else this.#inTurn = [];
    this.#deliverRejections(result.floating);
    return { messages, costs, cellCalls, overCpu, mayHang };
  }

  /** Queues the cell's own answer to a call, and charges what it took. */
  answer(call: CellCall, ok: boolean, values: readonly Flat[], cpuUs: number): void {
    if (!this.#ledger.isLive(call.event)) return;
    this.#use(call.event, cpuUs);
    this.deliver([{ type: In.reply, event: call.event, call: call.call, ok, values }]);
  }

  /** What a live event has used where work outside the isolate took it beyond what it may; null if none did. */
  get overcharged(): EventCost | null {
    const event = this.#overcharged;
    if (!this.#ledger.isLive(event)) return null;
    return { event, cpuUs: Math.round(this.#used.get(event) ?? 0) };
  }

  #use(event: number, cpuUs: number): void {
    this.#used.set(event, (this.#used.get(event) ?? 0) + cpuUs);
    if (this.#budgetUsed(event) > this.#cpuUs) this.#overcharged = event;
  }

  /** From now on the event may use as much CPU as a new one. */
  #beginAnew(event: number, monotonicMs: number): void {
    this.#usedBefore.set(event, this.#used.get(event) ?? 0);
    this.#begunMs.set(event, monotonicMs);
  }

  /** What an event has used of the budget that it has now. */
  #budgetUsed(event: number): number {
    return (this.#used.get(event) ?? 0) - (this.#usedBefore.get(event) ?? 0);
  }

  /** Keeps for the cell what is the cell's; the rest goes to the host. */
  #sort(message: OutMessage, messages: OutMessage[], cellCalls: CellCall[], monotonicMs: number): void {
    const { event } = message;
    switch (message.type) {
      case Out.timerSet:
        this.#timers.set(event, message.timer, monotonicMs + this.#delayOf(event, message.delayMs));
        return;
      case Out.timerClear:
        this.#timers.clear(event, message.timer);
        return;
      case Out.call:
        if (message.slot === RUNTIME_SLOT && CELL_OPS.includes(message.op)) {
          cellCalls.push({ event, call: message.call, op: message.op, args: message.args });
          return;
        }
        break;
      case Out.head:
        if (message.body[0] === BodyKind.socket) this.#begunMs.set(event, monotonicMs);
        break;
      case Out.end:
        this.#release(event);
        break;
    }
    messages.push(message);
  }

  /** The turn will not be collected: what it spent is the doing of the event that ran when it was cut. */
  killed(event: number, spentUs: number): EventCost[] {
    if (event <= 0 || !this.#inTurn.includes(event)) return [];
    const used = (this.#used.get(event) ?? 0) + spentUs;
    this.#used.set(event, used);
    return [{ event, cpuUs: Math.round(used) }];
  }

  #charge(wallUs: ReadonlyMap<number, number>, cpuUs: number): EventCost[] {
    const costs: EventCost[] = [];
    for (const [event, spentUs] of sliceCosts(this.#inTurn, wallUs, cpuUs)) {
      const used = (this.#used.get(event) ?? 0) + spentUs;
      this.#used.set(event, used);
      costs.push({ event, cpuUs: Math.round(used) });
    }
    return costs;
  }

  /** Charges the event of a turn that was one slice: all of it is its doing. */
  #chargeOne(cpuUs: number): EventCost[] {
    const [event] = this.#inTurn;
    if (event === undefined) return [];
    const used = (this.#used.get(event) ?? 0) + cpuUs;
    this.#used.set(event, used);
    return [{ event, cpuUs: Math.round(used) }];
  }

  #floatingLines(floating: readonly FloatingError[]): OutMessage[] {
    const messages: OutMessage[] = [];
    for (const { event, error } of floating) {
      const count = (this.#floating.get(event) ?? 0) + 1;
      this.#floating.set(event, count);
      if (count > FLOATING_PER_EVENT) continue;
      const text = error.stack === "" ? `${error.name}: ${error.message}` : error.stack;
      messages.push({ type: Out.log, event, level: "error", text: `Uncaught (in promise) ${text}` });
    }
    return messages;
  }

  /** Tells the isolate of rejections that floated in events which go on: its listeners may want to know. */
  #deliverRejections(floating: readonly FloatingError[]): void {
    for (const { event, error } of floating) {
      if (!this.#ledger.isLive(event) || (this.#floating.get(event) ?? 0) > FLOATING_PER_EVENT) continue;
      this.deliver([{ type: In.rejection, event, ...error }]);
    }
  }

  /** The delay that a timer gets: an event that has had its tasks waits as it does for timers. */
  #delayOf(event: number, delayMs: number): number {
    if (delayMs >= 1) return delayMs;
    const tasks = (this.#tasks.get(event) ?? 0) + 1;
    this.#tasks.set(event, tasks);
    return tasks > TASKS_AT_ONCE ? 1 : delayMs;
  }

  #forget(event: number): void {
    this.#tasks.delete(event);
    this.#used.delete(event);
    this.#usedBefore.delete(event);
    this.#begunMs.delete(event);
    this.#floating.delete(event);
    this.#started.delete(event);
    this.#release(event);
  }

  /** What ran goes on until the isolate has seen the drop; what did not is taken back, and no turn follows. */
  #dropped(event: number): void {
    if (this.#started.has(event)) this.#release(event);
    else this.#forget(event);
  }

  /** Gives up what the event holds in the cell. */
  #release(event: number): void {
    this.#timers.clearEvent(event);
    this.#onEnd(event);
  }
}
