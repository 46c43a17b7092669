import { FIRST_CREDIT_BYTES } from "../../runtime-api/contract/bounds.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { SocketCode } from "../../runtime-api/contract/sockets.ts";
import type { MessageSocket, SocketHandler } from "../websocket/message-socket.ts";
import type { SocketRecord } from "./event-sockets.ts";
import { Out } from "../../runtime-api/contract/out.ts";

/** Credit goes back in pieces of at least this size, so that small messages do not cost a turn each. */
const CREDIT_STEP = FIRST_CREDIT_BYTES / 4;
const DEAF: SocketHandler = { message() {}, part() {}, sent() {}, closed() {} };

export interface EventSocketOptions {
  readonly event: number;
  readonly id: number;
  readonly send: (message: InMessage) => void;
  readonly progress: () => void;
  /** A message came: the event has new budgets. */
  readonly refresh: () => void;
  /** It is over. Called once. @param wasClean whether there was a closing handshake */
  readonly onEnd: (wasClean: boolean) => void;
}

/** One WebSocket of an event, between its isolate and a connection. */
export class EventSocket implements SocketHandler {
  readonly #options: EventSocketOptions;
  #wire: MessageSocket | null = null;
  #isStarted = false;
  /** What the isolate said before there was a connection; bounded by its first credit. */
  #early: ((wire: MessageSocket) => void)[] = [];
  #owed = 0;
  #isOver = false;
  /** What to close a connection with that comes too late. */
  #lateCode: number = SocketCode.restart;

  constructor(options: EventSocketOptions) {
    this.#options = options;
  }

  /** The connection is there. Nothing is read before the isolate wants something. */
  attach(wire: MessageSocket): void {
    if (this.#isOver) {
      wire.start(DEAF);
      wire.close(this.#lateCode, "");
      return;
    }
    this.#wire = wire;
  }

  /** The connection is there and there is somebody at its other end who may leave: it is watched from now on. */
  connect(wire: MessageSocket): void {
    this.attach(wire);
    if (!this.#isOver) this.#start(wire);
  }

  /** The connection itself, for somebody else to use; null if the isolate has used it. */
  take(): MessageSocket | null {
    return this.#isStarted || this.#isOver ? null : this.#wire;
  }

  /** There will be no connection: the client is gone. */
  refuse(): void {
    this.closed(SocketCode.lost, "", false);
  }

  /** A record of the isolate. */
  record(record: SocketRecord): void {
    if (this.#isOver) return;
    this.#options.progress();
    const act = (wire: MessageSocket): void => {
      if (record.type === Out.socketMessage) wire.send(record.data);
      else if (record.type === Out.socketPart) wire.sendPart(record.isText, record.isLast, record.bytes);
      else if (record.type === Out.socketCredit) wire.grant(record.credit);
      else wire.close(record.code, record.reason);
    };
    const wire = this.#wire;
    if (wire === null) this.#early.push(act);
    else {
      if (!this.#isStarted) this.#start(wire);
      act(wire);
    }
  }

  /** Ends it from the host's side, for both sides. */
  shut(code: number, reason: string): void {
    if (this.#isOver) return;
    const wire = this.#wire;
    this.#lateCode = code;
    this.closed(code, reason, true);
    if (wire === null) return;
    if (!this.#isStarted) wire.start(DEAF);
    wire.close(code, reason);
  }

  message(data: string | Uint8Array): void {
    if (this.#isOver) return;
    const { event, id, send, progress, refresh } = this.#options;
    progress();
    refresh();
    send({ type: In.socketMessage, event, socket: id, data });
  }

  part(isText: boolean, isLast: boolean, bytes: Uint8Array): void {
    if (this.#isOver) return;
    const { event, id, send, progress, refresh } = this.#options;
    progress();
    if (isLast) refresh();
    send({ type: In.socketPart, event, socket: id, isText, isLast, bytes });
  }

  sent(cost: number): void {
    this.#owed += cost;
    if (this.#isOver || this.#owed < CREDIT_STEP) return;
    const { event, id, send, progress } = this.#options;
    progress();
    send({ type: In.socketCredit, event, socket: id, credit: this.#owed });
    this.#owed = 0;
  }

  closed(code: number, reason: string, wasClean: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#early = [];
    const { event, id, send, onEnd } = this.#options;
    send({ type: In.socketClose, event, socket: id, code, reason, wasClean });
    onEnd(wasClean);
  }

  #start(wire: MessageSocket): void {
    this.#isStarted = true;
    wire.start(this);
    for (const act of this.#early.splice(0)) act(wire);
  }
}
