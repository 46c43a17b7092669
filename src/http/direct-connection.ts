import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { endStep, stepsOf } from "../clock/request-steps.ts";
import type { EdgeResponse } from "../dispatch/edge.ts";
import { ClientGone } from "./client-gone.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";
import { failurePage } from "./failure-page.ts";
import type { HttpSettings } from "./http-options.ts";
import type { Peer } from "./peer.ts";
import { writePlainAnswer } from "./plain-answer.ts";
import { type PlainRequest, readPlainRequest } from "./plain-request.ts";
import { asText } from "./request-body.ts";
import { readHead } from "./request-head.ts";
import { discard, type SendHooks, sendResponse } from "./send-response.ts";
import { upgradeRequired } from "./upgrade.ts";

/** What Node adds to the time that it tells clients, so that none is cut off that keeps to it. */
const KEEP_ALIVE_SLACK_MS = 1_000;
/** What may wait while a request is under way, before no more is read. */
const MOST_WAITING_BYTES = 64 * 1024;
const MOST_WAITING_PIECES = 16;
const CF_JSON = `{"httpProtocol":"HTTP/1.1"}`;

/**
 * One connection on which only plain requests have come: they are read and answered here, without the objects and
 * streams that Node makes for each. With the first bytes that are anything else it is Node's for good.
 */
export class DirectConnection {
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #settings: HttpSettings;
  readonly #deadline: Deadline;
  readonly #handOver: (bytes: Buffer) => void;
  readonly #endOfHead: string;
  /** Of the request that is under way. */
  #gone: ClientGone | null = null;
  #request: PlainRequest | null = null;
  #accept = "";
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  /** What came meanwhile. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #requests = 0;
  /** No other request is answered. */
  #isLast = false;

  /**
   * @param handOver gives the connection to Node, with the bytes that it has to read first
   */
  constructor(
    socket: Socket,
    peer: Peer,
    settings: HttpSettings,
    deadlines: Deadlines,
    handOver: (bytes: Buffer) => void,
  ) {
    this.#socket = socket;
    this.#peer = peer;
    this.#settings = settings;
    this.#handOver = handOver;
    const timeoutS = Math.floor(settings.keepAliveTimeoutMs / 1_000);
    this.#endOfHead = `Connection: keep-alive\r\nKeep-Alive: timeout=${timeoutS}, max=${settings.maxRequestsPerSocket}\r\n`;
    // Whoever is late with a request, or does not take an answer, has nothing to expect.
    this.#deadline = deadlines.create(() => socket.destroy());
    this.#deadline.in(settings.headersTimeoutMs);
    socket.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onClose).on("error", ignore);
  }

  /** Takes no request after the one that is under way. */
  drain(): void {
    this.#isLast = true;
    if (this.#gone === null) this.#socket.destroy();
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#gone !== null) return this.#keep(bytes);
    if (this.#isLast) return;
    const request = readPlainRequest(bytes, this.#settings.maxHeaderBytes);
    if (request === null) return this.#leave(bytes);
    stepsOf(() => this.#serve(request, bytes));
  };

  /** Node does so as well: who says that no more will come is taken to be gone. */
  readonly #onEnd = (): void => {
    this.#give();
    this.#closeInTime();
    this.#socket.end();
  };

  readonly #onClose = (): void => {
    this.#deadline.clear();
    this.#give();
  };

  /** What is still to be written may wait for a client that takes nothing: not for ever. */
  #closeInTime(): void {
    this.#deadline.in(this.#settings.writeIdleMs);
  }

  /** Gives up what is under way. */
  #give(): void {
    this.#gone?.abort();
    this.#reader?.cancel("the client disconnected").catch(() => {});
  }

  #keep(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES || this.#waiting.length >= MOST_WAITING_PIECES)
      this.#socket.pause();
  }

  #leave(bytes: Buffer): void {
    const socket = this.#socket;
    this.#deadline.clear();
    socket.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose).off("error", ignore);
    this.#handOver(bytes);
  }

  #serve(request: PlainRequest, bytes: Buffer): void {
    const head = readHead(request, this.#peer, this.#settings);
    if (!("url" in head) || head.bodyBytes > this.#settings.requestBodyBytes) return this.#leave(bytes);
    endStep("read");
    this.#deadline.clear();
    this.#request = request;
    this.#accept = head.accept;
    const gone = (this.#gone = new ClientGone());
    if (request.isLast || ++this.#requests >= this.#settings.maxRequestsPerSocket) this.#isLast = true;
    const { method, url, headers } = head;
    const body = request.body === null ? null : asText(request.body, head.contentType);
    try {
      this.#settings
        .handle({ method, url, headers, body, signal: gone, cfJson: CF_JSON })
        .then(this.#onAnswer, this.#onFailure);
    } catch {
      this.#onFailure();
    }
  }

  readonly #onFailure = (): void => this.#onAnswer(failurePage("internalError", this.#accept));

  readonly #onAnswer = (given: EdgeResponse): void => {
    // There was no handshake: that would have been Node's to read.
    given.socket?.refuse();
    if (this.#gone?.aborted !== false) return discard(given.body);
    const answer = given.socket === undefined ? given : upgradeRequired(this.#accept);
    const endOfHead = this.#isLast ? "Connection: close\r\n" : this.#endOfHead;
    const hasRoom =
      this.#request?.method === "HEAD" ? null : writePlainAnswer(this.#socket, answer, endOfHead);
    if (hasRoom === null) this.#sendByNode(answer);
    else if (hasRoom) this.#next();
    else {
      this.#deadline.in(this.#settings.writeIdleMs);
      this.#socket.once("drain", () => this.#next());
    }
    endStep("written");
  };

  /** Answers that stream, or are coded, or have no body go the way that those of other connections go. */
  #sendByNode(answer: EdgeResponse): void {
    const { method = "", rawHeaders = [] } = this.#request ?? {};
    const asked = { method, headers: headersOf(rawHeaders) };
    const socket = this.#socket;
    const response = new ServerResponse({
      ...asked,
      httpVersionMajor: 1,
      httpVersionMinor: 1,
    } as unknown as IncomingMessage);
    response.shouldKeepAlive = !this.#isLast;
    // As Node's own server does: clients ask no more when they know that the time is over.
    const { keepAliveTimeoutMs, maxRequestsPerSocket } = this.#settings;
    Object.assign(response, {
      _keepAliveTimeout: keepAliveTimeoutMs,
      _maxRequestsPerSocket: maxRequestsPerSocket,
    });
    response.assignSocket(socket);
    const onDrain = (): void => void response.emit("drain");
    socket.on("drain", onDrain);
    response.on("error", ignore);
    response.on("finish", () => {
      socket.off("drain", onDrain);
      response.detachSocket(socket);
      this.#next();
    });
    const hooks: SendHooks = {
      idleMs: this.#settings.writeIdleMs,
      deadline: this.#deadline,
      streaming: (reader) => void (this.#reader = reader),
      failed: () => sendResponse(asked, response, failurePage("exception", this.#accept), hooks),
      broken: () => socket.destroy(),
    };
    try {
      sendResponse(asked, response, answer, hooks);
    } catch {
      discard(answer.body);
      if (response.headersSent) socket.destroy();
      else hooks.failed();
    }
  }

  /** The answer is written, or little of it is left to write. */
  #next(): void {
    this.#gone = this.#request = this.#reader = null;
    this.#deadline.clear();
    if (this.#isLast) {
      this.#closeInTime();
      return this.#socket.destroySoon();
    }
    if (this.#waiting.length === 0)
      return this.#deadline.in(this.#settings.keepAliveTimeoutMs + KEEP_ALIVE_SLACK_MS);
    const bytes = this.#waiting.length === 1 ? this.#waiting[0]! : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#socket.resume();
    this.#onData(bytes);
  }
}

function ignore(): void {
  // The socket's close tells all that there is to tell.
}

/** As Node gives them, as far as an answer depends on them. */
function headersOf(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (name !== "if-none-match" && name !== "accept-encoding") continue;
    headers[name] = headers[name] === undefined ? raw[i + 1]! : `${headers[name]}, ${raw[i + 1]!}`;
  }
  return headers;
}
