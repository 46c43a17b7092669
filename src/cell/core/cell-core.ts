import { Op } from "../../../runtime-api/contract/calls.ts";
import type { InMessage } from "../../../runtime-api/contract/in.ts";
import type {
  AccountPace,
  Catastrophe,
  CellListener,
  CellStats,
  EventCost,
  IsolateLoss,
  LoadRequest,
  LoadResult,
} from "../cell.ts";
import { lostLoad } from "../lost-load.ts";
import { Violation } from "../protocol/violation.ts";
import type { VersionCode } from "../version-code.ts";
import type { CellAnswer } from "./cell-answer.ts";
import { digest } from "./digest.ts";
import { Gate } from "./gate.ts";
import { IsolateCodecs } from "./isolate-codecs.ts";
import { type CellCall, IsolateTurns, type TurnOutcome } from "./isolate-turns.ts";
import type { Isolates, RawLoad, Slice, TurnDriver, TurnResult } from "./isolates.ts";
import { loadOutcome } from "./load-outcome.ts";

/** Steps of codecs at work at once: one thread of Node's four is left to everything else. */
const CODEC_STEPS_AT_ONCE = 3;

/** What a process cell tells its host besides what every cell tells: which isolate is about to run. */
export interface CoreListener extends Omit<CellListener, "died"> {
  /** An entry begins; written down before, so that a death has its suspects. @param limitMs CPU that it may use */
  enter?(isolate: number, events: readonly number[], limitMs: number): void;
  /** Nothing runs in the isolate any more. */
  left?(isolate: number): void;
  /** What events have cost, while a turn goes on or after it was cut. Where it is missing: `messages`. */
  charged?(isolate: number, costs: readonly EventCost[]): void;
}

/** One isolate with its armed wake-up. */
interface Member {
  /** Its load is over; until then what is delivered waits. */
  loaded: boolean;
  readonly turns: IsolateTurns;
  readonly cpuMs: number;
  readonly memoryMb: number;
  readonly codecs: IsolateCodecs;
  timer: NodeJS.Timeout | undefined;
  timerMs: number;
}

/** The rules of a cell, wherever it lives: queues, order, timers, costs. Runs beside the isolates. */
export class CellCore implements TurnDriver {
  readonly #isolates: Isolates;
  readonly #listener: CoreListener;
  readonly #members = new Map<number, Member>();
  readonly #codecGate = new Gate(CODEC_STEPS_AT_ONCE);
  #closed = false;

  constructor(isolates: Isolates, listener: CoreListener) {
    this.#isolates = isolates;
    this.#listener = listener;
    isolates.drive(this);
  }

  ready(): Promise<void> {
    return this.#isolates.ready();
  }

  putCode(versionKey: string, code: VersionCode): void {
    this.#isolates.putCode(versionKey, code);
  }

  dropCode(versionKey: string): void {
    this.#isolates.dropCode(versionKey);
  }

  expect(isolate: number, memoryMb: number): void {
    if (!this.#closed) this.#isolates.expect(isolate, memoryMb);
  }

  /**
   * Makes an isolate and evaluates a version in it.
   * @param done hears how it ended, before anything else is said of the isolate
   */
  async load(request: LoadRequest, done: (result: LoadResult) => void): Promise<void> {
    const { isolate, limits } = request;
    if (this.#closed) return done(lostLoad("the cell is closed"));
    if (this.#members.has(isolate)) return done(lostLoad(`isolate ${isolate} was loaded before`));
    const codecs = new IsolateCodecs(this.#codecGate);
    const member: Member = {
      loaded: false,
      turns: new IsolateTurns(limits.cpuMs, (event) => codecs.endEvent(event)),
      cpuMs: limits.cpuMs,
      memoryMb: limits.memoryMb,
      codecs,
      timer: undefined,
      timerMs: 0,
    };
    this.#members.set(isolate, member);
    const raw = await this.#isolates.load(request, Date.now());
    const result = raw.ok ? this.#loaded(isolate, raw) : raw;
    if (!result.ok) {
      if (raw.ok) this.#isolates.dispose(isolate);
      if (this.#members.get(isolate) === member) this.#forget(isolate);
      return done(result);
    }
    member.loaded = true;
    done(result);
    // What came meanwhile has waited for this.
    if (member.turns.hasWork && this.#members.get(isolate) === member) this.#go(isolate, member);
  }

  #loaded(isolate: number, raw: RawLoad & { ok: true }): LoadResult {
    try {
      const outcome = loadOutcome(raw.turn.output);
      if (outcome.logs.length > 0) this.#listener.messages(isolate, outcome.logs, []);
      if (!outcome.ok) return { ok: false, reason: outcome.reason, error: outcome.error };
      return { ok: true, handlers: outcome.handlers, phases: raw.phases, codeCache: raw.codeCache };
    } catch (error) {
      return lostLoad(violationText(error));
    }
  }

  deliver(isolate: number, messages: readonly InMessage[]): void {
    const member = this.#members.get(isolate);
    if (member === undefined) return;
    member.turns.deliver(messages);
    if (member.loaded) this.#go(isolate, member);
  }

  dispose(isolate: number): void {
    this.#forget(isolate);
    this.#isolates.dispose(isolate);
  }

  pace(paces: readonly AccountPace[]): void {
    this.#isolates.pace(paces);
  }

  makeCodeCache(isolate: number): Promise<Uint8Array | null> {
    const isLoaded = this.#members.get(isolate)?.loaded === true;
    return isLoaded ? this.#isolates.makeCodeCache(isolate) : Promise.resolve(null);
  }

  async stats(): Promise<CellStats> {
    const { spares, isolates } = await this.#isolates.stats();
    return { rssBytes: process.memoryUsage.rss(), spares, isolates };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const isolate of this.#members.keys()) this.#forget(isolate);
    await this.#isolates.close();
  }

  entering(isolate: number, event: number, limitMs: number): void {
    this.#listener.enter?.(isolate, [event], limitMs);
  }

  left(isolate: number): void {
    this.#listener.left?.(isolate);
  }

  take(isolate: number, mostUs: number): readonly Slice[] {
    const member = this.#members.get(isolate);
    if (member === undefined) return [];
    const slices = member.turns.take(performance.now(), Date.now(), mostUs);
    if (slices.length > 0)
      this.#listener.enter?.(
        isolate,
        slices.map((slice) => slice.event),
        slices.length * member.cpuMs,
      );
    // Node's timers may be early by a fraction of a millisecond: then nothing was due yet.
    else this.#arm(isolate, member);
    return slices;
  }

  turned(isolate: number, result: TurnResult): boolean {
    const member = this.#members.get(isolate);
    if (member === undefined) return false;
    let outcome: TurnOutcome;
    try {
      outcome = member.turns.turned(result, performance.now());
    } catch (error) {
      this.#end(isolate, {
        cause: "protocolError",
        event: -1,
        started: member.turns.started,
        message: violationText(error),
      });
      return false;
    }
    this.#listener.messages(isolate, outcome.messages, outcome.costs);
    if (this.#members.get(isolate) !== member) return false;
    if (outcome.overCpu >= 0) {
      this.#endExceeded(isolate, member, outcome.overCpu);
      return false;
    }
    for (const call of outcome.cellCalls) void this.#answer(isolate, member, call);
    if (member.turns.hasWork) this.#isolates.wake(isolate);
    this.#arm(isolate, member);
    return outcome.mayHang;
  }

  gone(isolate: number, cause: IsolateLoss["cause"], event: number, message: string, spentUs: number): void {
    const member = this.#members.get(isolate);
    if (member === undefined) return;
    const { started } = member.turns;
    const costs = member.turns.killed(event, spentUs);
    if (costs.length > 0) this.#charged(isolate, costs);
    if (this.#members.get(isolate) !== member) return;
    this.#forget(isolate);
    this.#listener.lost(isolate, { cause, event, started, message });
  }

  stuck(isolate: number, versionKey: string, message: string, reason: Catastrophe["reason"]): void {
    this.#listener.catastrophic({ reason, isolate, versionKey, message });
  }

  /**
   * Something is queued: the isolate runs on, unless that is more than it may hold, or what it was charged has used
   * up its event's CPU.
   */
  #go(isolate: number, member: Member): void {
    const isTooMuch = member.turns.queuedBytes > member.memoryMb * 1024 * 1024;
    if (member.turns.overcharged === null && !isTooMuch) return this.#isolates.wake(isolate);
    // Later, as nothing may be told to the host while it delivers.
    queueMicrotask(() => {
      if (isTooMuch && this.#members.get(isolate) === member) return this.#endOverfull(isolate, member);
      const cost = member.turns.overcharged;
      if (cost === null || this.#members.get(isolate) !== member) return;
      this.#charged(isolate, [cost]);
      if (this.#members.get(isolate) === member) this.#endExceeded(isolate, member, cost.event);
    });
  }

  #charged(isolate: number, costs: readonly EventCost[]): void {
    if (this.#listener.charged === undefined) this.#listener.messages(isolate, [], costs);
    else this.#listener.charged(isolate, costs);
  }

  #endExceeded(isolate: number, member: Member, event: number): void {
    const message = "Worker exceeded CPU time limit";
    this.#end(isolate, { cause: "exceededCpu", event, started: member.turns.started, message });
  }

  #endOverfull(isolate: number, { turns, memoryMb }: Member): void {
    const queuedMb = Math.round(turns.queuedBytes / 1024 / 1024);
    const message = `Worker exceeded memory limit of ${memoryMb} MB: ${queuedMb} MB wait to be delivered to it`;
    this.#end(isolate, { cause: "exceededMemory", event: -1, started: turns.started, message });
  }

  /** The cell itself ends the isolate, and says so. */
  #end(isolate: number, loss: IsolateLoss): void {
    this.#forget(isolate);
    this.#isolates.dispose(isolate);
    this.#listener.lost(isolate, loss);
  }

  #forget(isolate: number): void {
    const member = this.#members.get(isolate);
    clearTimeout(member?.timer);
    member?.codecs.close();
    this.#members.delete(isolate);
  }

  async #answer(isolate: number, member: Member, call: CellCall): Promise<void> {
    // Its event may have ended in the same turn.
    if (!member.turns.isLive(call.event)) return;
    const { ok, values, cpuUs } = await answerOf(member.codecs, call);
    if (this.#members.get(isolate) !== member) return;
    member.turns.answer(call, ok, values, cpuUs);
    this.#go(isolate, member);
  }

  /** Sees to it that the isolate is woken when its next timer is due. */
  #arm(isolate: number, member: Member): void {
    const next = member.turns.nextTimerMs;
    if (next === undefined || (member.timer !== undefined && member.timerMs <= next)) return;
    clearTimeout(member.timer);
    member.timer = undefined;
    const waitMs = next - performance.now();
    if (waitMs <= 0) {
      this.#isolates.wake(isolate);
      return;
    }
    member.timerMs = next;
    member.timer = setTimeout(() => {
      member.timer = undefined;
      this.#isolates.wake(isolate);
    }, Math.ceil(waitMs));
  }
}

async function answerOf(codecs: IsolateCodecs, { event, op, args }: CellCall): Promise<CellAnswer> {
  switch (op) {
    case Op.codec:
      return codecs.step(event, args);
    case Op.codecClose:
      return codecs.end(event, args);
    default:
      return digest(args);
  }
}

function violationText(error: unknown): string {
  if (error instanceof Violation) return `protocol violation: ${error.message}`;
  return `the turn's output could not be read: ${error instanceof Error ? error.message : "unknown"}`;
}
