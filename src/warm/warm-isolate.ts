import type { InMessage } from "../../runtime-api/contract/in.ts";
import type { OutMessage } from "../../runtime-api/contract/out.ts";
import type { Cell, EventCost, IsolateLoss } from "../cell/cell.ts";
import { IdTable } from "../ids/id-table.ts";
import type { Paces } from "../clock/paces.ts";
import type { Clock } from "../clock/clock.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { Version } from "../versions/version.ts";
import type { BlamedEvent } from "./blame.ts";
import { CatchUps, type Laggard } from "./catch-ups.ts";
import type { EventSink } from "./event-sink.ts";
import type { Verdict } from "./verdict.ts";

const OUTCOME_OF_CAUSE: Readonly<Record<IsolateLoss["cause"], Exclude<Outcome, "ok">>> = {
  exceededCpu: "exceededCpu",
  exceededMemory: "exceededMemory",
  protocolError: "internalError",
  cellLost: "isolateLost",
  internalError: "internalError",
};

/** Records that are handled at one go, and how many without a look at the clock where there are more. */
const FEW = 8;
const UNTIMED = 4;
/** Records that may wait for their handling; with more, all are handled, so that the cell feels that the host is slow. */
const MOST_WAITING = 20_000;

/** Handled records after which their places may be given back though others wait. */
const HANDLED = 1_024;

/** Time on the host's loop after which it is told, in ms. */
const TOLD_MS = 1;
/** What the handling of one record counts as at most, in ms: a loop that stands still is no account's doing. */
const RECORD_MS = 1;

/** One loop, one queue. */
const catchUps = new CatchUps();

/** The host's view of one isolate: its version, and the events that run in it. */
export class WarmIsolate implements Laggard {
  readonly id: number;
  readonly version: Version;
  readonly cell: Cell;
  /** `draining` takes no new events and goes when the last one ends. */
  state: "loading" | "warm" | "draining" | "gone" = "loading";
  /** Places taken, events that are about to start included. */
  places = 0;
  /** Events that only a WebSocket keeps alive: they pin the isolate, and take no place. */
  held = 0;
  served = 0;
  /** Length of the version's script, in units of 16 bits. */
  scriptUnits = 0;
  /** How long compiling and evaluating the version took, in ms. */
  startupMs = 0;
  /** Names of what the version answers: `fetch`, `scheduled` and so on. */
  handlers: readonly string[] = [];
  bytes: number;
  /** Set by its owner. */
  onStale: () => void = () => {};
  /** Hears what the handling of its records took of the host's loop; set by its owner. */
  onHostTime: (tookMs: number) => void = () => {};
  /** What accounts may use of the host's loop; set by its owner. */
  paces: Paces<string> | undefined;
  lastUsedMs = 0;
  readonly #clock: Clock;
  /** Since when something was sent that no turn has answered; null if nothing was. */
  #waitingSinceMs: number | null = null;
  /** How long the last answer took. */
  #lastTurnMs = 0;
  readonly #events = new IdTable<EventSink>();
  /** Time on the host's loop that was not told yet, in ms. */
  #hostMs = 0;
  #releases: (() => void)[] = [];
  /** Records that came and were not handled, from `#at` on. */
  #backlog: OutMessage[] = [];
  #at = 0;
  #nextEvent = 1;
  /** What its events said before the end of its load was heard of here. */
  #early: (readonly [messages: readonly OutMessage[], costs: readonly EventCost[]])[] = [];
  /** It was lost before that. */
  #earlyLoss: IsolateLoss | null = null;

  constructor(id: number, version: Version, cell: Cell, bytes: number, clock: Clock) {
    this.#clock = clock;
    this.id = id;
    this.version = version;
    this.cell = cell;
    this.bytes = bytes;
  }

  /** Calls `release` once when the isolate is gone; at once if it is gone already. */
  whenGone(release: () => void): void {
    if (this.state === "gone") release();
    else this.#releases.push(release);
  }

  /** The isolate is gone: nothing is sent to it any more, and what was kept for it goes. */
  end(): void {
    this.state = "gone";
    this.#tellHostTime();
    for (const release of this.#releases.splice(0)) release();
  }

  /** The load is over, and well: events that went along with it have their turns. */
  begin(): void {
    this.state = "warm";
    if (this.#waitingSinceMs !== null) this.#waitingSinceMs = this.#clock.monotonicMs();
    for (const [, sink] of this.#events.entries()) safely(() => sink.loaded());
    for (const [messages, costs] of this.#early.splice(0)) this.receive(messages, costs);
  }

  /** It is lost, and the end of its load was not heard of yet; {@link fail} follows. */
  loseEarly(loss: IsolateLoss): void {
    this.#earlyLoss = loss;
    this.end();
  }

  /**
   * The load came to nothing: tells the events that went along with it.
   * @param refusal why no other isolate is started; null if one is
   * @param verdict on the death of the cell, where that is the reason
   */
  fail(refusal: unknown, verdict: Verdict): void {
    const loss = this.#earlyLoss;
    this.end();
    for (const [messages, costs] of this.#early.splice(0)) this.receive(messages, costs);
    this.catchUp();
    const ran = new Set([...(loss?.started ?? []), loss?.event]);
    for (const [event, sink] of this.#events.entries()) {
      if (ran.has(event)) continue;
      this.#events.delete(event);
      if (refusal !== null) safely(() => sink.refused(refusal));
      else
        safely(() => sink.lost({ outcome: "isolateLost", again: "restart", message: loss?.message ?? "" }));
    }
    if (loss !== null) this.lose(loss, loss.cause === "cellLost" ? verdict : undefined);
  }

  /** What the host kept for it is lost: whoever owns it lets it go as its events end. */
  goStale(): void {
    this.onStale();
  }

  get account(): string {
    return this.version.account;
  }

  /** Whether events need it. */
  get isPinned(): boolean {
    return this.places > 0 || this.held > 0;
  }

  /** Tells its events that it takes no new ones. */
  retire(): void {
    for (const [, sink] of this.#events.entries()) sink.retire();
  }

  /** Registers an event and gives its id. */
  open(sink: EventSink): number {
    const event = this.#nextEvent++;
    this.#events.set(event, sink);
    return event;
  }

  /** Forgets an event; what still comes for it is dropped. */
  close(event: number): void {
    this.#events.delete(event);
  }

  send(messages: readonly InMessage[]): void {
    if (this.state === "gone") return;
    this.#waitingSinceMs ??= this.#clock.monotonicMs();
    this.cell.deliver(this.id, messages);
  }

  /** Whether it has events and its turns, this one or the last, take longer than `ms`: then it computes. */
  computes(ms: number): boolean {
    if (!this.isPinned) return false;
    const waitedMs = this.#waitingSinceMs === null ? 0 : this.#clock.monotonicMs() - this.#waitingSinceMs;
    return Math.max(waitedMs, this.#lastTurnMs) > ms;
  }

  receive(messages: readonly OutMessage[], costs: readonly EventCost[]): void {
    if (this.state === "loading") return void this.#early.push([messages, costs]);
    const startMs = this.#clock.monotonicMs();
    if (this.#waitingSinceMs !== null) this.#lastTurnMs = startMs - this.#waitingSinceMs;
    this.#waitingSinceMs = null;
    for (const { event, cpuUs } of costs) safely(() => this.#events.get(event)?.cost(cpuUs));
    const waits = this.#backlog.length > 0;
    if (messages.length <= FEW && !waits && this.heldMs() === 0) {
      for (const message of messages) this.#handle(message);
      this.#worked(startMs, messages.length + costs.length);
      return;
    }
    if (messages.length === 0) return;
    for (const message of messages) this.#backlog.push(message);
    if (!waits) catchUps.begin(this);
    else if (this.#backlog.length - this.#at > MOST_WAITING) this.catchUp();
  }

  #handle(message: OutMessage): void {
    safely(() => this.#events.get(message.event)?.message(message));
  }

  /** Handles all records that wait: for the moment at which the isolate is lost. Never throws. */
  catchUp(): void {
    this.work(Infinity);
  }

  work(untilMs: number): boolean {
    const startMs = this.#clock.monotonicMs();
    const from = this.#at;
    const backlog = this.#backlog;
    while (this.#at < backlog.length) {
      this.#handle(backlog[this.#at++]!);
      if (this.#at % UNTIMED === 0 && performance.now() >= untilMs) break;
    }
    this.#worked(startMs, Math.max(0, this.#at - from));
    if (this.#at < backlog.length) {
      // What was handled goes although more keeps coming: an isolate that streams may never be done.
      if (this.#at >= HANDLED && this.#at * 2 >= backlog.length && this.#backlog === backlog) {
        this.#backlog = backlog.slice(this.#at);
        this.#at = 0;
      }
      return true;
    }
    this.#backlog = [];
    this.#at = 0;
    return false;
  }

  heldMs(): number {
    const { paces } = this;
    return paces === undefined || paces.isEmpty ? 0 : paces.waitMs(this.account, this.#clock.monotonicMs());
  }

  /** The host has handled records of it, since then. */
  #worked(startMs: number, records: number): void {
    const nowMs = this.#clock.monotonicMs();
    const tookMs = Math.min(nowMs - startMs, records * RECORD_MS);
    this.paces?.charge(this.account, tookMs * 1_000, nowMs);
    this.#hostMs += tookMs;
    if (this.#hostMs >= TOLD_MS) this.#tellHostTime();
  }

  #tellHostTime(): void {
    const tookMs = this.#hostMs;
    this.#hostMs = 0;
    if (tookMs > 0) this.onHostTime(tookMs);
  }

  /** What an event is; null if there is none of that number. */
  describe(event: number): BlamedEvent | null {
    return this.#events.get(event)?.what ?? null;
  }

  /**
   * Tells every event how it ends.
   * @param verdict On the death of the cell, where that is why the isolate is lost.
   */
  lose(loss: IsolateLoss, verdict?: Verdict): void {
    this.end();
    const outcome = verdict?.outcome ?? OUTCOME_OF_CAUSE[loss.cause];
    const isInnocent = verdict?.partOf(this.version) === "bystander";
    const started = new Set(loss.started);
    const events = this.#events.entries();
    this.#events.clear();
    const blamed = loss.event > 0 && this.#nextEvent > loss.event;
    for (const [event, sink] of events) {
      const ran = started.has(event) || event === loss.event;
      const alike = verdict === undefined && ((!blamed && ran) || loss.cause === "protocolError");
      const own = !isInnocent && (event === loss.event || alike);
      const mayRunAgain = verdict === undefined ? !own : isInnocent;
      const again = !ran ? "restart" : mayRunAgain ? "retry" : null;
      safely(() => sink.lost({ outcome: own ? outcome : "isolateLost", again, message: loss.message }));
    }
  }
}

/** A record that breaks holds up no other, and no event's end: it is a fault of Skerry, told as one that nobody waits for. */
function safely(handle: () => void): void {
  try {
    handle();
  } catch (error) {
    void Promise.reject(error);
  }
}
