import {
  CHUNK_BYTES,
  FIRST_CREDIT_BYTES,
  SOCKET_MESSAGE_BYTES,
  SOCKET_QUEUE_BYTES,
  SOCKET_RECORD_COST,
  SOCKET_TEXT_UNITS,
} from "../contract/bounds.ts";
import { Out } from "../contract/out.ts";
import { SocketCode, socketCost } from "../contract/sockets.ts";
import { utf8Length } from "../encoding/utf8-length.ts";
import { utf8Decode, utf8Encode } from "../encoding/utf8.ts";
import { arrayPush } from "../primordials/array.ts";
import { Bytes, bytesCopy, bytesSet, typedLength } from "../primordials/bytes.ts";
import { mapDelete, mapGet, mapSet } from "../primordials/collections.ts";
import { RangeErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { mathMin, numberIsInteger } from "../primordials/values.ts";
import { Fifo } from "../websocket/fifo.ts";
import type { SocketLink, SocketListener } from "../websocket/socket-link.ts";
import type { EventContext } from "./event-context.ts";
import { setTimer } from "./event-timers.ts";
import { endIfDone, reportUncaught } from "./lifecycle.ts";
import { put } from "./output.ts";
import { catchListenerError } from "./service-worker-events.ts";
import { requireCurrent, requireOwner, turn } from "./turn.ts";

/** The id of the socket that a response opens: there is one response. */
export const RESPONSE_SOCKET = 1;
/** Credit goes back in pieces of this size, so that small messages do not cost a record each. */
const CREDIT_STEP = FIRST_CREDIT_BYTES / 4;

/** A message that waits for credit. Text that is too long for one record waits as its UTF-8. */
interface Waiting {
  readonly data: string | Uint8Array<ArrayBuffer>;
  readonly isText: boolean;
  readonly sizeBytes: number;
  /** Bytes that are sent already. */
  sent: number;
}

/** A message of which parts have come. */
interface Partial {
  readonly parts: Uint8Array[];
  sizeBytes: number;
}

interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket's connection that the host holds: §11 of `docs/turn-protocol.md`, the isolate's half. */
export class HostSocket implements SocketLink {
  readonly #id: number;
  readonly #event: EventContext;
  readonly #isResponse: boolean;
  #listener: SocketListener | undefined;
  #state: "open" | "closing" | "done" = "open";
  #credit = FIRST_CREDIT_BYTES;
  readonly #queue = new Fifo<Waiting>();
  #queuedBytes = 0;
  /** What is sent in one slice counts as buffered in it: nothing has left the isolate yet. */
  #sentSlice = -1;
  #sentBytes = 0;
  #closing: Closing | undefined;
  #partial: Partial | undefined;
  /** What was taken in and the host got no credit for yet. */
  #owed = 0;
  /** How it ended, where nobody listened yet. */
  #unseenEnd: (() => void) | undefined;

  constructor(event: EventContext, id: number) {
    this.#event = event;
    this.#id = id;
    this.#isResponse = id === RESPONSE_SOCKET;
    mapSet(event.sockets, id, this);
  }

  get passableId(): number | undefined {
    const unused = this.#listener === undefined && this.#state === "open" && !this.#isResponse;
    return unused ? this.#id : undefined;
  }

  get bufferedBytes(): number {
    return this.#queuedBytes + (this.#sentSlice === turn.slice ? this.#sentBytes : 0);
  }

  /** Whether something may come though the worker does nothing more: its event is not hung. */
  get isAlive(): boolean {
    if (this.#state === "done") return false;
    return this.#isResponse || this.#listener !== undefined || this.#state === "closing";
  }

  listen(listener: SocketListener): void {
    requireOwner(this.#event);
    this.#listener = listener;
    if (this.#unseenEnd !== undefined) setTimer(this.#unseenEnd, 0);
    else if (this.#state === "open")
      put(this.#event, [Out.socketCredit, this.#event.id, this.#id, FIRST_CREDIT_BYTES], 0);
  }

  send(data: string | Uint8Array<ArrayBuffer>): boolean {
    requireOwner(this.#event);
    if (this.#state !== "open") return true;
    const isText = typeof data === "string";
    const long = isText && data.length > SOCKET_TEXT_UNITS;
    const payload = long ? utf8Encode(data) : data;
    const sizeBytes = typeof payload === "string" ? utf8Length(payload) : typedLength(payload);
    if (sizeBytes > SOCKET_MESSAGE_BYTES) return this.#giveUp(SocketCode.tooBig, "the message is too long");
    const waiting = this.#queuedBytes + this.#queue.length * SOCKET_RECORD_COST;
    if (waiting + sizeBytes > SOCKET_QUEUE_BYTES)
      return this.#giveUp(SocketCode.workerFailed, "too much waits to be sent");
    this.#queuedBytes += sizeBytes;
    this.#queue.push({ data: payload, isText, sizeBytes, sent: 0 });
    this.#flush();
    return true;
  }

  close(code: number, reason: string): void {
    requireOwner(this.#event);
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#closing = { code, reason };
    this.#flush();
  }

  couple(): void {
    throw new TypeErrorOf("A connection of the host has no other end here.");
  }

  pass(): void {
    requireOwner(this.#event);
    this.#state = "done";
    mapDelete(this.#event.sockets, this.#id);
  }

  /** The host takes so much more. Gives false if nobody wants to send. */
  credit(credit: number): boolean {
    if (this.#state === "done") return false;
    this.#credit += credit;
    this.#flush();
    return true;
  }

  /** A whole message came. Gives false if nobody takes it. */
  message(data: string | Uint8Array<ArrayBuffer>): boolean {
    if (this.#state !== "open" || this.#listener === undefined) return false;
    this.#take(typeof data === "string" ? data.length : typedLength(data));
    this.#hand(data);
    return true;
  }

  /** The next part of a message came. Gives false if nobody takes it. */
  part(isText: boolean, isLast: boolean, bytes: Uint8Array): boolean {
    if (this.#state !== "open" || this.#listener === undefined) return false;
    const size = typedLength(bytes);
    this.#take(size);
    const partial = (this.#partial ??= { parts: [], sizeBytes: 0 });
    arrayPush(partial.parts, bytes);
    partial.sizeBytes += size;
    if (!isLast) return true;
    this.#partial = undefined;
    const whole = join(partial);
    this.#hand(isText ? utf8Decode(whole) : whole);
    return true;
  }

  /** The connection is over. */
  closed(code: number, reason: string, wasClean: boolean): boolean {
    if (this.#state === "done") return false;
    this.#state = "done";
    this.#queue.clear();
    this.#partial = undefined;
    mapDelete(this.#event.sockets, this.#id);
    if (this.#listener !== undefined) this.#listener.close(code, reason, wasClean);
    else this.#unseenEnd = () => this.#listener?.close(code, reason, wasClean);
    if (this.#isResponse) this.#event.responded = true;
    endIfDone(this.#event);
    return true;
  }

  /** Hands a message to the worker. What its listener throws ends the socket, if it is the event's answer. */
  #hand(data: string | Uint8Array<ArrayBuffer>): void {
    const listener = this.#listener as SocketListener;
    if (!this.#isResponse) return listener.message(data);
    try {
      catchListenerError(this.#event, () => listener.message(data));
    } catch (error) {
      reportUncaught(this.#event, error);
      this.#giveUp(SocketCode.workerFailed, "the worker threw an exception");
    }
  }

  #take(size: number): void {
    this.#owed += socketCost(size);
    if (this.#owed < CREDIT_STEP) return;
    put(this.#event, [Out.socketCredit, this.#event.id, this.#id, this.#owed], 0);
    this.#owed = 0;
  }

  /** Closes without sending what waits. Gives false, for `send`. */
  #giveUp(code: number, reason: string): false {
    if (this.#state === "done" || this.#event.ended) return false;
    // Where the close is out already there is nothing left to give up.
    if (this.#state === "closing" && this.#closing === undefined) return false;
    this.#queue.clear();
    this.#queuedBytes = 0;
    this.#state = "closing";
    this.#closing = { code, reason };
    this.#flush();
    return false;
  }

  /** Sends what the credit allows, and the close once nothing waits. */
  #flush(): void {
    while (this.#queue.length > 0) {
      if (this.#credit <= 0) return;
      if (!this.#sendNext(this.#queue.peek() as Waiting)) return this.#stop();
    }
    const closing = this.#closing;
    if (closing === undefined) return;
    this.#closing = undefined;
    const { code, reason } = closing;
    put(this.#event, [Out.socketClose, this.#event.id, this.#id, code, reason], reason.length);
  }

  /** Sends a message, or its next part. Gives false if the event is over. */
  #sendNext(waiting: Waiting): boolean {
    const { data, isText, sizeBytes } = waiting;
    const { id } = this.#event;
    if (typeof data === "string")
      return this.#sent(waiting, sizeBytes, data.length, [Out.socketMessage, id, this.#id, data]);
    const end = mathMin(waiting.sent + CHUNK_BYTES, sizeBytes);
    const size = end - waiting.sent;
    if (!isText && size === sizeBytes)
      return this.#sent(waiting, size, size, [Out.socketMessage, id, this.#id, data]);
    const bytes = bytesCopy(data, waiting.sent, end);
    return this.#sent(waiting, size, size, [Out.socketPart, id, this.#id, isText, end === sizeBytes, bytes]);
  }

  #sent(waiting: Waiting, sizeBytes: number, length: number, record: Parameters<typeof put>[1]): boolean {
    if (!put(this.#event, record, length)) return false;
    this.#credit -= socketCost(length);
    waiting.sent += sizeBytes;
    this.#queuedBytes -= sizeBytes;
    if (this.#sentSlice !== turn.slice) {
      this.#sentSlice = turn.slice;
      this.#sentBytes = 0;
    }
    this.#sentBytes += sizeBytes;
    if (waiting.sent >= waiting.sizeBytes) this.#queue.shift();
    return true;
  }

  #stop(): void {
    this.#state = "done";
    this.#queue.clear();
  }
}

/** The host's connection with this id for the current event, see `Io.hostSocket`. */
export function hostSocket(id: number): HostSocket {
  const event = requireCurrent();
  if (!numberIsInteger(id) || id < 1 || id % 2 !== 0)
    throw new RangeErrorOf(`No socket of the host has the id ${id}.`);
  return mapGet(event.sockets, id) ?? new HostSocket(event, id);
}

function join({ parts, sizeBytes }: Partial): Uint8Array<ArrayBuffer> {
  const whole = new Bytes(sizeBytes);
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Uint8Array;
    bytesSet(whole, part, at);
    at += typedLength(part);
  }
  return whole;
}
