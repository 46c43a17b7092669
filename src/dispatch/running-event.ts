import { SOCKET_BUDGET_MS } from "../../runtime-api/contract/bounds.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { type LogLevel, Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import { SocketCode } from "../../runtime-api/contract/sockets.ts";
import type { AccountLoad, WaitingEvent } from "../admission/account-load.ts";
import type { ErrorText } from "../cell/cell.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { BlamedEvent } from "../warm/blame.ts";
import { type Again, type EventLoss, type EventSink, StartFailed } from "../warm/event-sink.ts";
import type { Acquired } from "../warm/group.ts";
import { HostClosing, NoPlace } from "../warm/load-refused.ts";
import { Calls } from "./calls.ts";
import type { Deadline } from "./deadlines.ts";
import type { EventHost, EventIntro } from "./event-host.ts";
import { EventSockets } from "./event-sockets.ts";
import { InboundStreams } from "./inbound-streams.ts";
import { LogBudget } from "./log-budget.ts";
import { OutboundStreams } from "./outbound-streams.ts";
import { socketCode } from "./socket-code.ts";

/**
 * One event in one isolate, from its first record to its outcome: the host's half of the state machine
 * of `docs/turn-protocol.md` §3. What kind of event it is and who waits for it is said by subclasses.
 */
export abstract class RunningEvent implements EventSink, Deadline, WaitingEvent {
  readonly #host: EventHost;
  readonly #intro: EventIntro;
  readonly #acquired: Acquired;
  // Most events need none of these: each is made when it is needed.
  #logsOrNone: LogBudget | null = null;
  #callsOrNone: Calls | null = null;
  #inboundOrNone: InboundStreams | null = null;
  #outboundOrNone: OutboundStreams | null = null;
  protected readonly event: number;
  readonly #load: AccountLoad;
  #sentMs: number;
  /** It went along with the load of its isolate, which is not over. */
  #isAboard: boolean;
  #hasBegun = false;
  #cpuUs = 0;
  #exception: Promise<ErrorText> | null = null;
  #headMs: number | null = null;
  /** Nothing that comes counts any more. */
  #ended = false;
  /** It has given back all that it held. */
  #isOver = false;
  #onOver: (() => void) | null = null;
  #afterResponse = false;
  #isHeld = false;
  /** When a WebSocket last gave it new budgets. */
  #refreshedMs = 0;
  #sockets: EventSockets | null = null;
  #passesThrough = false;
  #outcome: Outcome = "ok";
  dueMs: number;
  place = -1;
  waitsAs = 0;

  constructor(host: EventHost, intro: EventIntro, acquired: Acquired) {
    this.#host = host;
    this.#intro = intro;
    this.#acquired = acquired;
    const { version } = acquired.isolate;
    this.event = acquired.isolate.open(this);
    this.#load = host.admission.loadOf(version.account);
    this.#isAboard = acquired.isolate.state === "loading";
    if (this.#isAboard) this.#load.queued++;
    else this.#load.sent(this);
    this.#sentMs = host.clock.monotonicMs();
    this.dueMs = this.#sentMs + version.limits.wallMs;
    host.deadlines.add(this);
  }

  /** Calls `then` when the event is over, at once if it is. For one caller. */
  whenOver(then: () => void): void {
    if (this.#isOver) then();
    else this.#onOver = then;
  }

  get what(): BlamedEvent {
    return { kind: this.#intro.kind, method: this.#intro.method, url: this.#intro.url };
  }

  /** Whether only a WebSocket keeps it alive, so that it has no place among those that compute. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** The WebSockets of the event; most have none. */
  protected get sockets(): EventSockets {
    return (this.#sockets ??= new EventSockets({
      event: this.event,
      maxMessageBytes: this.#acquired.isolate.version.limits.socketMessageBytes,
      send: (message) => this.send(message),
      progress: () => this.#progress(),
      refresh: () => this.#refresh(),
    }));
  }

  /** The streams that go to the isolate. */
  protected get inbound(): InboundStreams {
    return (this.#inboundOrNone ??= new InboundStreams(
      this.event,
      (message) => this.send(message),
      () => this.#progress(),
    ));
  }

  /** The streams that come from it. */
  protected get outbound(): OutboundStreams {
    return (this.#outboundOrNone ??= new OutboundStreams(
      this.event,
      (message) => this.send(message),
      () => this.#progress(),
    ));
  }

  get #calls(): Calls {
    return (this.#callsOrNone ??= new Calls({
      event: this.event,
      version: this.#acquired.isolate.version,
      isolate: this.#acquired.isolate,
      intro: this.#intro,
      inbound: () => this.inbound,
      outbound: () => this.outbound,
      sockets: () => this.sockets,
      send: (message) => this.send(message),
      progress: () => this.#progress(),
      internal: this.#host.internal,
    }));
  }

  get #logs(): LogBudget {
    return (this.#logsOrNone ??= new LogBudget(this.#acquired.isolate.version.limits, (level, text) =>
      this.#writeLog(level, text),
    ));
  }

  /** The head came. */
  protected abstract head(message: OutMessage & { type: typeof Out.head }): void;
  /** The event is over here; `again` if it shall begin anew elsewhere. Called once. */
  protected abstract over(outcome: Outcome, again: Again | StartFailed | null): void;
  /** Whether nobody would notice if it began anew, but for the calls that it made. */
  protected abstract canBegin(again: Again): boolean;
  /** Whether the response is out, or there is none to come. */
  protected abstract get responded(): boolean;
  /** Status for the record. */
  protected abstract get status(): number | null;

  message(message: OutMessage): void {
    if (this.#ended) return;
    switch (message.type) {
      case Out.head:
        this.#headMs = this.#sinceStart();
        this.#progress();
        return this.head(message);
      case Out.chunk:
        return this.#outboundOrNone?.chunk(message.stream, message.bytes);
      case Out.close:
        return this.#outboundOrNone?.close(message.stream);
      case Out.fail:
        return this.#outboundOrNone?.fail(message.stream, message.message);
      case Out.credit:
        return this.#inboundOrNone?.credit(message.stream, message.bytes);
      case Out.cancel:
        return this.#inboundOrNone?.cancel(message.stream, message.reason);
      case Out.call:
        if (this.#isHeld && this.#host.clock.monotonicMs() - this.#refreshedMs >= SOCKET_BUDGET_MS)
          this.#refresh();
        return this.#calls.start(message.call, message.slot, message.op, message.args);
      case Out.uncall:
        return this.#callsOrNone?.cancel(message.call);
      case Out.log:
        return this.#logs.write(message.level, message.text);
      case Out.exception:
        return this.#noteException(message);
      case Out.passThrough:
        this.#passesThrough = true;
        return;
      case Out.end:
        return this.end(message.ok ? "ok" : "exception");
      case Out.socketMessage:
      case Out.socketPart:
      case Out.socketCredit:
      case Out.socketClose:
        return this.#sockets?.record(message);
    }
  }

  cost(cpuUs: number): void {
    // What is late may be of an event that the cell has forgotten, and begins anew there.
    const spentUs = Math.max(0, cpuUs - this.#cpuUs);
    this.#cpuUs += spentUs;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#load.began(this, this.#host.clock.monotonicMs() - this.#sentMs, cpuUs);
    }
    if (!this.#host.admission.spent(this.#load, spentUs) || this.#ended) return;
    this.#logs.force(
      "error",
      "The account has used twice the CPU that it may use in a minute: its events are ended",
    );
    this.stop("exceededAccountCpu");
  }

  lost(loss: EventLoss): void {
    if (this.#ended) return;
    const again = this.#mayBegin(loss.again) ? loss.again : null;
    if (again === null) this.#logs.force("error", loss.message);
    this.end(loss.outcome, again);
  }

  loaded(): void {
    this.#isAboard = false;
    this.#load.queued--;
    this.#load.sent(this);
    this.#sentMs = this.#host.clock.monotonicMs();
    if (!this.#afterResponse) this.dueMs = this.#sentMs + this.#acquired.isolate.version.limits.wallMs;
  }

  refused(error: unknown): void {
    this.end("isolateLost", new StartFailed(error));
  }

  overdue(): void {
    if (this.#isAboard) return this.#leave(new NoPlace());
    if (this.#afterResponse) {
      this.#logs.force(
        "warn",
        "waitUntil() tasks did not complete within the allowed time after the response and were cancelled",
      );
      return this.stop(this.#outcome);
    }
    const { wallMs } = this.#acquired.isolate.version.limits;
    this.#logs.force("error", `Worker made no progress for ${wallMs} ms and was stopped`);
    this.stop("exceededWallTime");
  }

  abandon(): void {
    if (this.#isAboard) return this.#leave(new HostClosing());
    this.#logs.force("warn", "The host closed before this event was over");
    this.stop(this.#afterResponse ? this.#outcome : "isolateLost");
  }

  get isolate(): object {
    return this.#acquired.isolate;
  }

  /** A turn may hold it already without having said so: it goes only where that would harm nobody. */
  shed(): void {
    if (this.canBegin("retry")) this.stop("overloaded");
  }

  /** Its isolate takes no new events: the client of a WebSocket may come back to another one. */
  retire(): void {
    if (this.#isHeld) this.#sockets?.shutResponse(SocketCode.restart, "the worker is restarted");
  }

  /** Ends the event from the host's side. */
  stop(outcome: Outcome): void {
    if (this.#ended) return;
    this.send({ type: In.drop, event: this.event });
    this.end(outcome);
  }

  /** Ends the event as one that never had an isolate: the load that it went along with takes too long. */
  #leave(error: Error): void {
    this.send({ type: In.drop, event: this.event });
    this.refused(error);
  }

  protected send(...messages: readonly InMessage[]): void {
    if (!this.#ended) this.#acquired.isolate.send(messages);
  }

  /** Lets go of what the isolate keeps of streams that were copied. */
  protected cancelCopied(reason: string): void {
    this.#inboundOrNone?.cancelCopied(reason);
  }

  /** The response is a WebSocket: its event has no deadline while it is open. */
  protected held(): void {
    this.#isHeld = true;
    this.#refreshedMs = this.#host.clock.monotonicMs();
    // Where the client is gone already, what is left has its deadline.
    if (!this.#afterResponse) this.dueMs = Infinity;
    this.#host.hold(this.#acquired.isolate);
  }

  /** From now on only `waitUntil` runs. */
  protected responseDone(): void {
    if (this.#ended || this.#afterResponse) return;
    this.#afterResponse = true;
    this.dueMs = this.#host.clock.monotonicMs() + this.#acquired.isolate.version.limits.waitUntilMs;
  }

  /** What the client did, where it differs from what the worker did. */
  protected note(outcome: Outcome): void {
    this.#outcome = outcome;
  }

  protected end(outcome: Outcome, again: Again | StartFailed | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    const { isolate } = this.#acquired;
    this.#host.deadlines.remove(this);
    if (this.#isAboard) this.#load.queued--;
    else if (!this.#hasBegun) this.#load.withdrew(this);
    this.#hasBegun = true;
    isolate.close(this.event);
    this.#callsOrNone?.cancelAll();
    this.#outboundOrNone?.failAll("the event ended before its stream");
    this.#inboundOrNone?.cancelAll("the event is over");
    this.#sockets?.endAll(socketCode(outcome));
    const final = outcome === "ok" ? this.#outcome : outcome;
    if (this.#passesThrough && final === "exception" && !this.responded) {
      this.#logs.force(
        "warn",
        "passThroughOnException() had no effect: there is no origin behind this worker",
      );
    }
    this.over(final, again);
    if (again === null) this.#record(final);
    this.#host.release(isolate, this.#isHeld);
    this.#isOver = true;
    this.#onOver?.();
  }

  #mayBegin(again: Again | null): boolean {
    if (again === null || !this.canBegin(again)) return false;
    return again === "restart" || !(this.#intro.retried || this.#callsOrNone?.wrote === true);
  }

  #progress(): void {
    if (this.#afterResponse || this.#isHeld) return;
    this.dueMs = this.#host.clock.monotonicMs() + this.#acquired.isolate.version.limits.wallMs;
  }

  /** A message came in on a WebSocket: it is as good as an event of its own. */
  #refresh(): void {
    this.#refreshedMs = this.#host.clock.monotonicMs();
    this.#callsOrNone?.refresh();
    this.#logsOrNone?.refresh();
  }

  #noteException(error: ErrorText): void {
    const isLogged = this.#logs.take(error.stack || `${error.name}: ${error.message}`);
    // The record has the first one; of the others only what is logged is worth its mapping.
    if (!isLogged && this.#exception !== null) return;
    const mapped = this.#acquired.isolate.version.mapError(error);
    this.#exception ??= mapped;
    if (isLogged)
      void mapped.then(({ name, message, stack }) => this.#writeLog("error", stack || `${name}: ${message}`));
  }

  #writeLog(level: LogLevel, text: string): void {
    const { version } = this.#acquired.isolate;
    const { account, worker, id: versionId } = version;
    const [timeMs, eventId] = [this.#host.clock.now(), this.#intro.number];
    this.#host.meter.log({ account, worker, versionId, timeMs, eventId, level, text }, (line) =>
      version.mapText(line),
    );
  }

  #sinceStart(): number {
    return this.#host.clock.monotonicMs() - this.#intro.startedMonotonicMs;
  }

  #record(outcome: Outcome): void {
    const wallMs = this.#sinceStart();
    if (this.#exception === null) return this.#meter(outcome, wallMs, null);
    void this.#exception.then((exception) => this.#meter(outcome, wallMs, exception));
  }

  #meter(outcome: Outcome, wallMs: number, exception: ErrorText | null): void {
    const { account, worker, id } = this.#acquired.isolate.version;
    this.#host.meter.event(
      {
        account,
        worker,
        versionId: id,
        eventId: this.#intro.number,
        kind: this.#intro.kind,
        startedMs: this.#intro.startedMs,
        outcome,
        status: this.status,
        method: this.#intro.method,
        url: this.#intro.url,
        cpuMs: this.#cpuUs / 1000,
        wallMs,
        headMs: this.#headMs,
        cold: this.#acquired.cold,
        subrequests: this.#callsOrNone?.count ?? 0,
        retried: this.#intro.retried,
        exception,
      },
      this.#intro.source,
    );
  }
}
