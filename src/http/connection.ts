import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { SocketCode } from "../../runtime-api/contract/sockets.ts";
import { errorPage } from "../outcome/error-page.ts";
import type { MessageSocket } from "../websocket/message-socket.ts";
import { closeGently } from "./close-gently.ts";
import type { Exchange } from "./exchange.ts";
import type { Peer } from "./peer.ts";
import type { Refusal } from "./request-head.ts";

/** One socket and what is under way on it. */
export class Connection {
  readonly peer: Peer;
  readonly #socket: Socket;
  readonly #maxAtOnce: number;
  /** In the order in which they came; few, and a `Set` would keep those that are over alive (see `IdTable`). */
  readonly #exchanges: Exchange[] = [];
  /** Requests that came while too many before them were under way. */
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #broken = false;
  #refused = false;
  /** What it has become, if it carries messages now. */
  #wire: MessageSocket | null = null;

  /** @param maxAtOnce Requests that are answered at once, where the client sends more without waiting. */
  constructor(socket: Socket, peer: Peer, maxAtOnce: number) {
    this.#socket = socket;
    this.#maxAtOnce = maxAtOnce;
    this.peer = peer;
    socket.on("close", () => {
      this.#waiting.length = 0;
      for (const exchange of this.#exchanges) exchange.lost();
      this.#exchanges.length = 0;
    });
  }

  /** @returns false if an earlier request was refused: what follows it has no sure beginning. */
  begin(exchange: Exchange): boolean {
    if (this.#refused || this.#broken) return false;
    this.#exchanges.push(exchange);
    return true;
  }

  /** Answers a request of {@link begin} when its turn has come. What comes behind it stays with the system. */
  run(job: () => Promise<void>): void {
    if (this.#running >= this.#maxAtOnce) {
      this.#waiting.push(() => this.run(job));
      this.#socket.pause();
      return;
    }
    this.#running += 1;
    void job();
  }

  /** A request was refused: it is the last one of this connection. */
  refused(): void {
    this.#refused = true;
  }

  finish(exchange: Exchange): void {
    this.#remove(exchange);
    exchange.sent();
    this.#next();
    if (this.#broken && this.#exchanges.length === 0) this.#socket.destroySoon();
  }

  #remove(exchange: Exchange): void {
    const at = this.#exchanges.indexOf(exchange);
    if (at >= 0) this.#exchanges.splice(at, 1);
  }

  #next(): void {
    if (this.#running > 0) this.#running -= 1;
    if (this.#waiting.length === 0) return;
    this.#waiting.shift()!();
    if (this.#waiting.length === 0) this.#socket.resume();
  }

  /** Whether a request is under way. */
  get isBusy(): boolean {
    return this.#exchanges.length > 0;
  }

  /** It carries the messages of a WebSocket from now on, and no request any more. */
  switched(exchange: Exchange, wire: MessageSocket): void {
    this.#remove(exchange);
    this.#wire = wire;
  }

  /** Takes no request after those that are under way. */
  drain(): void {
    if (this.#wire !== null) return this.#wire.close(SocketCode.restart, "the host closes");
    this.#exchanges.at(-1)?.closeAfter();
    if (this.#exchanges.length === 0 && this.#socket.bytesRead === 0) this.#socket.destroy();
  }

  /**
   * The client sent what is no HTTP. A request that it spoils is answered; requests that came whole
   * before it keep their own answers, since a second answer would be taken for the first's.
   */
  malformed(error: Error): void {
    if (this.#broken) return;
    this.#broken = true;
    const last = this.#exchanges.at(-1);
    const refusal = refusalOf(error);
    if (
      refusal === null ||
      !this.#socket.writable ||
      (last !== undefined && !last.received && last.headSent)
    ) {
      this.#socket.destroy();
    } else if (last === undefined) {
      this.#answer(refusal);
    } else if (!last.received) {
      last.refuse(refusal);
    } else {
      last.closeAfter();
    }
  }

  /**
   * The client asked for a tunnel, and Node has taken its hands off the connection: whoever waits for an answer to
   * a request before could take ours for it.
   */
  refuseTunnel(): void {
    this.#socket.on("error", () => {}); // the socket's close tells all that there is to tell
    if (this.isBusy) return void this.#socket.destroy();
    if (!this.#refused && this.#socket.writable)
      return this.#answer({ status: 405, title: "Method not allowed" });
    closeGently(this.#socket);
    this.#socket.destroySoon();
  }

  #answer({ status, title }: Refusal): void {
    const { body } = errorPage(status, null, title, "");
    closeGently(this.#socket);
    this.#socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    this.#socket.destroySoon();
  }
}

function refusalOf(error: Error & { code?: string }): Refusal | null {
  switch (error.code) {
    case "ECONNRESET":
    case "EPIPE":
      return null;
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, title: "Headers too large" };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return { status: 413, title: "Chunk extensions too large" };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, title: "Request timed out" };
    default:
      return { status: 400, title: "Malformed request" };
  }
}
