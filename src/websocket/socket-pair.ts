import { SocketCode, socketCost } from "../../runtime-api/contract/sockets.ts";
import type { MessageSocket, SocketHandler } from "./message-socket.ts";

/** How long a close waits for the other end to take what was sent before it. */
const CLOSE_TIMEOUT_MS = 10_000;

interface Item {
  readonly data: string | Uint8Array;
  /** Null for a whole message. */
  readonly part: { readonly isText: boolean; readonly isLast: boolean } | null;
  readonly cost: number;
}

/**
 * Two ends of a connection within the host: what one sends comes out of the other, when that one lets it. They bound each
 * other by credit as connections of the network do.
 * @param firstMaxBytes longest message that the first end takes; a longer one ends the connection
 * @param secondMaxBytes the same of the second
 */
export function socketPair(
  firstMaxBytes: number,
  secondMaxBytes: number,
): readonly [MessageSocket, MessageSocket] {
  const first = new End(firstMaxBytes);
  const second = new End(secondMaxBytes);
  first.peer = second;
  second.peer = first;
  return [first, second];
}

class End implements MessageSocket {
  peer!: End;
  readonly #maxMessageBytes: number;
  #handler: SocketHandler | null = null;
  #isTelling = false;
  #credit = 0;
  /** What the other end sent and this one has not taken yet. */
  #queue: Item[] = [];
  /** Of the message whose parts are coming. */
  #partialBytes = 0;
  /** The other end closes once the queue is empty. */
  #closing: { readonly code: number; readonly reason: string } | null = null;
  #closeTimer: NodeJS.Timeout | null = null;
  #closeSent = false;
  #end: readonly [code: number, reason: string, wasClean: boolean] | null = null;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  start(handler: SocketHandler): void {
    this.#handler = handler;
    queueMicrotask(() => {
      this.#isTelling = true;
      if (this.#end === null) this.#pump();
      else handler.closed(...this.#end);
    });
  }

  grant(credit: number): void {
    this.#credit += credit;
    queueMicrotask(() => this.#pump());
  }

  send(data: string | Uint8Array): void {
    const sizeBytes = typeof data === "string" ? Buffer.byteLength(data) : data.length;
    this.#put({ data, part: null, cost: socketCost(data.length) }, sizeBytes, true);
  }

  sendPart(isText: boolean, isLast: boolean, bytes: Uint8Array): void {
    this.#put(
      { data: bytes, part: { isText, isLast }, cost: socketCost(bytes.length) },
      bytes.length,
      isLast,
    );
  }

  close(code: number, reason: string): void {
    if (this.#end !== null || this.#closeSent) return;
    this.#closeSent = true;
    // What still comes is thrown away, on the way to the other end's part of the handshake.
    for (const { cost } of this.#queue.splice(0)) this.peer.#sent(cost);
    this.peer.#closing = { code: code === 0 ? SocketCode.none : code, reason };
    this.#closeTimer = setTimeout(() => this.terminate(), CLOSE_TIMEOUT_MS).unref();
    queueMicrotask(() => this.peer.#pump());
  }

  terminate(): void {
    this.#over(SocketCode.lost, "", false);
    this.peer.#over(SocketCode.lost, "", false);
  }

  #put(item: Item, sizeBytes: number, isLast: boolean): void {
    const { peer } = this;
    if (this.#end !== null || this.#closeSent) return;
    // The other end does not read any more.
    if (peer.#closeSent) return this.#sent(item.cost);
    peer.#partialBytes += sizeBytes;
    if (peer.#partialBytes > peer.#maxMessageBytes) {
      peer.#over(SocketCode.lost, "", false);
      this.#over(SocketCode.tooBig, "the message is too long", true);
      return;
    }
    if (isLast) peer.#partialBytes = 0;
    peer.#queue.push(item);
    queueMicrotask(() => peer.#pump());
  }

  /** Hands on what the credit allows, and the close once nothing waits. */
  #pump(): void {
    if (!this.#isTelling) return;
    while (this.#end === null && this.#credit > 0) {
      const item = this.#queue.shift();
      if (item === undefined) break;
      this.#credit -= item.cost;
      const { data, part } = item;
      if (part === null) this.#handler?.message(data);
      else this.#handler?.part(part.isText, part.isLast, data as Uint8Array);
      this.peer.#sent(item.cost);
    }
    if (this.#closing === null || this.#queue.length > 0) return;
    const { code, reason } = this.#closing;
    this.#over(code, reason, true);
    this.peer.#over(code, reason, true);
  }

  #sent(cost: number): void {
    queueMicrotask(() => {
      if (this.#end === null) this.#handler?.sent(cost);
    });
  }

  #over(code: number, reason: string, wasClean: boolean): void {
    if (this.#end !== null) return;
    this.#end = [code, reason, wasClean];
    this.#queue = [];
    if (this.#closeTimer !== null) clearTimeout(this.#closeTimer);
    if (this.#isTelling) queueMicrotask(() => this.#handler?.closed(code, reason, wasClean));
  }
}
