import { SOCKET_QUEUE_BYTES, SOCKET_RECORD_COST } from "../contract/bounds.ts";
import { SocketCode } from "../contract/sockets.ts";
import { utf8Length } from "../encoding/utf8-length.ts";
import { io } from "../io/io.ts";
import { typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { Fifo } from "./fifo.ts";
import type { SocketLink, SocketListener } from "./socket-link.ts";

/** What waits for an end: a message, or that the other end closed. */
type Arrival =
  | { readonly data: string | Uint8Array<ArrayBuffer> }
  | { readonly code: number; readonly reason: string };

/**
 * One end of a pair. Its messages go to the other end, each as a task; or, once the other end was given to
 * a response, to the host.
 */
export class LocalLink implements SocketLink {
  readonly passableId = undefined;
  #peer: LocalLink | undefined;
  readonly #inbox = new Fifo<Arrival>();
  #inboxBytes = 0;
  #listener: SocketListener | undefined;
  #scheduled = false;
  #closed = false;
  /** Takes what comes in at this end, which a response has. */
  #host: SocketLink | undefined;

  /** Makes the two ends of a pair. */
  static pair(): { readonly first: LocalLink; readonly second: LocalLink } {
    const first = new LocalLink();
    const second = new LocalLink();
    first.#peer = second;
    second.#peer = first;
    return { first, second };
  }

  get bufferedBytes(): number {
    return this.#remote?.bufferedBytes ?? (this.#peer as LocalLink).#inboxBytes;
  }

  listen(listener: SocketListener): void {
    const remote = this.#remote;
    this.#listener = listener;
    if (remote !== undefined) remote.listen(listener);
    else this.#schedule();
  }

  send(data: string | Uint8Array<ArrayBuffer>): boolean {
    const remote = this.#remote;
    if (remote !== undefined) return remote.send(data);
    if (this.#closed) return true;
    const peer = this.#peer as LocalLink;
    const sizeBytes = sizeOf(data);
    const waiting = peer.#inboxBytes + peer.#inbox.length * SOCKET_RECORD_COST;
    if (waiting + sizeBytes > SOCKET_QUEUE_BYTES) {
      this.close(SocketCode.workerFailed, "too much waits to be sent");
      return false;
    }
    peer.#inboxBytes += sizeBytes;
    peer.#arrive({ data });
    return true;
  }

  close(code: number, reason: string): void {
    const remote = this.#remote;
    if (remote !== undefined) return remote.close(code, reason);
    if (this.#closed) return;
    this.#closed = true;
    (this.#peer as LocalLink).#arrive({ code: code === 0 ? SocketCode.none : code, reason });
  }

  couple(host: SocketLink): void {
    const peer = this.#peer as LocalLink;
    this.#host = host;
    let arrival: Arrival | undefined;
    while ((arrival = this.#inbox.shift()) !== undefined) {
      if ("data" in arrival) host.send(arrival.data);
      else host.close(arrival.code === SocketCode.none ? 0 : arrival.code, arrival.reason);
    }
    if (peer.#listener !== undefined) host.listen(peer.#listener);
  }

  pass(): void {
    throw new TypeErrorOf("An end of a pair cannot be passed on.");
  }

  /** The host's connection, where the other end was given to a response. */
  get #remote(): SocketLink | undefined {
    const peer = this.#peer;
    return peer === undefined ? undefined : peer.#host;
  }

  #arrive(arrival: Arrival): void {
    this.#inbox.push(arrival);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#listener === undefined || this.#inbox.length === 0) return;
    this.#scheduled = true;
    io.setTimer(() => this.#deliver(), 0);
  }

  #deliver(): void {
    this.#scheduled = false;
    const arrival = this.#inbox.shift();
    if (arrival === undefined) return;
    this.#schedule();
    const listener = this.#listener as SocketListener;
    if ("data" in arrival) {
      this.#inboxBytes -= sizeOf(arrival.data);
      listener.message(arrival.data);
      return;
    }
    // A close is answered by itself, so that both ends see it.
    if (!this.#closed) {
      this.#closed = true;
      (this.#peer as LocalLink).#arrive(arrival);
    }
    listener.close(arrival.code, arrival.reason, true);
  }
}

function sizeOf(data: string | Uint8Array): number {
  return typeof data === "string" ? utf8Length(data) : typedLength(data);
}
