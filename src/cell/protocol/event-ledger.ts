import {
  CALLS_IN_FLIGHT,
  FIRST_CREDIT_BYTES,
  LOG_LINES_PER_EVENT,
  TIMERS_PER_EVENT,
  WINDOW_BYTES,
} from "../../../runtime-api/contract/bounds.ts";
import { BodyKind, type FlatBody } from "../../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../../runtime-api/contract/in.ts";
import { Out, type OutMessage } from "../../../runtime-api/contract/out.ts";
import { callStream, replyStream } from "./call-bodies.ts";
import { endsMessage, SocketLedger } from "./socket-ledger.ts";
import { UsedIds } from "./used-ids.ts";
import { Violation } from "./violation.ts";

/** A stream that the isolate opened. */
interface OwnStream {
  credit: number;
  state: "open" | "cancelled";
}
/**
 * A stream that the host opened: `read` once the isolate has given credit, `ended` if the host closed or
 * failed it before that (a ref may then be under way). It is forgotten when nothing more may name it.
 */
interface HostStream {
  state: "untouched" | "read" | "ended";
  /** Credit that the isolate gave, less what came. */
  granted: number;
}

/** Log lines beyond an event's budget that an honest runtime may send: that the rest is dropped. */
const LAST_LINES = 2;

/** The order rules of one event, §3 to §6 of `docs/turn-protocol.md`. */
export class EventLedger {
  readonly #isRequest: boolean;
  readonly #isHosts: boolean;
  #answered = false;
  #logLines = 0;
  #lastCall = 0;
  // Most events need few of these, and there are two ledgers for each: so each is made when something goes into it.
  #calls: Map<number, string> | undefined;
  #timers: Set<number> | undefined;
  #own: Map<number, OwnStream> | undefined;
  #host: Map<number, HostStream> | undefined;
  readonly #usedOwn = new UsedIds(1);
  readonly #usedHost = new UsedIds(2);
  #sockets: SocketLedger | null = null;

  /**
   * @param isRequest whether it is answered with a response
   * @param isHosts whether the host keeps it, of records that a cell has checked and lets out: it sees no calls that
   *   the cell answers, and more lines, as the cell adds some of its own
   */
  constructor(isRequest: boolean, isHosts = false) {
    this.#isRequest = isRequest;
    this.#isHosts = isHosts;
  }

  /** Whether something is to come, as far as records tell: a reply, a timer, bytes that were asked for, credit. */
  get expects(): boolean {
    if ((this.#calls?.size ?? 0) > 0 || (this.#timers?.size ?? 0) > 0) return true;
    if (this.#sockets?.expects === true) return true;
    for (const { state, credit } of this.#own?.values() ?? [])
      if (state === "open" && credit <= 0) return true;
    for (const { state, granted } of this.#host?.values() ?? [])
      if (state === "read" && granted > 0) return true;
    return false;
  }

  /** Notes a record of the host. Gives false if it is late or unknown and must not go in. */
  inbound(message: InMessage): boolean {
    switch (message.type) {
      case In.entry:
        // It comes before its event begins, or not at all.
        return false;
      case In.fetch:
        this.#hostOpens(message.body);
        return true;
      case In.reply: {
        const op = this.#calls?.get(message.call);
        if (op === undefined) return false;
        this.#calls?.delete(message.call);
        if (message.ok) this.#hostOpens(replyStream(op, message.values));
        return true;
      }
      case In.timer:
        return this.#timers?.delete(message.timer) ?? false;
      case In.chunk: {
        const stream = this.#host?.get(message.stream);
        if (stream?.state !== "read") return false;
        stream.granted -= message.bytes.length;
        return true;
      }
      case In.close:
      case In.fail: {
        const stream = this.#host?.get(message.stream);
        if (stream?.state !== "untouched" && stream?.state !== "read") return false;
        if (stream.state === "read") this.#hostDone(message.stream);
        else stream.state = "ended";
        return true;
      }
      case In.credit: {
        const stream = this.#own?.get(message.stream);
        if (stream?.state !== "open") return false;
        stream.credit += message.bytes;
        return true;
      }
      case In.cancel: {
        const stream = this.#own?.get(message.stream);
        if (stream?.state !== "open") return false;
        stream.state = "cancelled";
        return true;
      }
      case In.scheduled:
      case In.tail:
      case In.abort:
      case In.drop:
      case In.charge:
      case In.rejection:
        return true;
      case In.socketMessage:
      case In.socketPart:
      case In.socketCredit:
      case In.socketClose: {
        const passes = this.#sockets?.inbound(message) ?? false;
        // What is under way may still use up the budget before: so more is allowed, not begun anew.
        if (passes && endsMessage(message)) this.#logLines -= LOG_LINES_PER_EVENT + LAST_LINES;
        return passes;
      }
    }
  }

  /**
   * Checks a record of the isolate. Gives false if it is late, which an honest runtime can be.
   * @throws Violation if no order of crossing messages explains it
   */
  outbound(message: OutMessage): boolean {
    switch (message.type) {
      case Out.head:
        if (!this.#isRequest) throw new Violation("a head for an event that is no request");
        if (this.#answered) throw new Violation("a second head");
        this.#answered = true;
        if (message.body[0] === BodyKind.socket)
          (this.#sockets ??= new SocketLedger()).isolateNames(message.body[1]);
        else this.#isolateNames(message.body);
        return true;
      case Out.chunk: {
        const stream = this.#ownStream(message.stream);
        if (stream.state === "cancelled") return false;
        if (stream.credit <= 0) throw new Violation("a chunk beyond the stream's credit");
        stream.credit -= message.bytes.length;
        return true;
      }
      case Out.close:
      case Out.fail: {
        const stream = this.#ownStream(message.stream);
        this.#own?.delete(message.stream);
        this.#usedOwn.add(message.stream);
        return stream.state === "open";
      }
      case Out.credit: {
        const stream = this.#hostStream(message.stream);
        if (stream === null || stream.state === "ended") return false;
        stream.granted += message.bytes;
        if (stream.granted > WINDOW_BYTES) throw new Violation("more credit for a stream than its window");
        stream.state = "read";
        return true;
      }
      case Out.cancel: {
        const stream = this.#hostStream(message.stream);
        if (stream === null) return false;
        this.#hostDone(message.stream);
        return stream.state !== "ended";
      }
      case Out.call:
        if (message.call <= this.#lastCall) throw new Violation("a call's id was used before");
        this.#calls ??= new Map();
        if (this.#calls.size >= CALLS_IN_FLIGHT) throw new Violation("too many calls at once");
        this.#lastCall = message.call;
        this.#calls.set(message.call, message.op);
        this.#isolateNames(callStream(message.op, message.args));
        return true;
      case Out.uncall:
        if (message.call > this.#lastCall && !this.#isHosts)
          throw new Violation("an unknown call is withdrawn");
        return this.#calls?.delete(message.call) ?? false;
      case Out.timerSet:
        this.#timers ??= new Set();
        if (this.#timers.has(message.timer)) throw new Violation("a timer is set twice");
        if (this.#timers.size >= TIMERS_PER_EVENT) throw new Violation("too many timers at once");
        this.#timers.add(message.timer);
        return true;
      case Out.timerClear:
        return this.#timers?.delete(message.timer) ?? false;
      case Out.log:
        if (++this.#logLines > this.#mostLines) throw new Violation("too many log lines");
        return true;
      case Out.exception:
      case Out.end:
        return true;
      case Out.passThrough:
        if (!this.#isRequest) throw new Violation("passThrough for an event that is no request");
        return true;
      case Out.socketMessage:
      case Out.socketPart:
      case Out.socketCredit:
      case Out.socketClose:
        if (this.#sockets === null) throw new Violation("a socket that was never opened");
        return this.#sockets.outbound(message);
      default:
        throw new Violation(`a record of type ${message.type} in an event`);
    }
  }

  get #mostLines(): number {
    return LOG_LINES_PER_EVENT * (this.#isHosts ? 2 : 1) + LAST_LINES;
  }

  #hostOpens(body: FlatBody | undefined): void {
    if (body?.[0] === BodyKind.stream)
      (this.#host ??= new Map()).set(body[1], { state: "untouched", granted: 0 });
    if (body?.[0] === BodyKind.socket) (this.#sockets ??= new SocketLedger()).hostOpens(body[1]);
    // A stream of the isolate that the host hands back stays what it is: its chunks still go to the host.
  }

  #isolateNames(body: FlatBody | undefined): void {
    if (body === undefined) return;
    if (body[0] === BodyKind.socket) throw new Violation("a call with a socket");
    if (body[0] === BodyKind.stream) {
      const id = body[1];
      if (id % 2 !== 1) throw new Violation("the isolate opened a stream with an id of the host");
      if (this.#own?.has(id) === true || this.#usedOwn.has(id))
        throw new Violation("a stream's id was used before");
      (this.#own ??= new Map()).set(id, { credit: FIRST_CREDIT_BYTES, state: "open" });
    } else if (body[0] === BodyKind.ref || body[0] === BodyKind.copy) {
      const stream = this.#host?.get(body[1]);
      if (stream?.state !== "untouched" && stream?.state !== "ended")
        throw new Violation("a ref to an unknown, read or used stream");
      if (body[0] === BodyKind.ref) this.#hostDone(body[1]);
    }
  }

  #ownStream(id: number): OwnStream {
    const stream = this.#own?.get(id);
    if (stream !== undefined) return stream;
    const message = this.#usedOwn.has(id)
      ? "a stream goes on after its end"
      : "a stream that was never opened";
    throw new Violation(message);
  }

  /** Null for one that is over. */
  #hostStream(id: number): HostStream | null {
    const stream = this.#host?.get(id);
    if (stream !== undefined) return stream;
    if (this.#usedHost.has(id)) return null;
    throw new Violation("a stream that the host never opened");
  }

  #hostDone(id: number): void {
    this.#host?.delete(id);
    this.#usedHost.add(id);
  }
}
