import type { IncomingMessage, ServerResponse } from "node:http";
import { INLINE_BODY_BYTES } from "../../runtime-api/contract/bounds.ts";
import { endStep } from "../clock/request-steps.ts";
import type { EdgeBody, EdgeResponse, EdgeSocket } from "../dispatch/edge.ts";
import { errorPage } from "../outcome/error-page.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";
import { failurePage } from "./failure-page.ts";
import type { HttpSettings } from "./http-options.ts";
import { RequestBody, asText, gatherBody } from "./request-body.ts";
import type { Refusal, RequestHead } from "./request-head.ts";
import { ClientGone } from "./client-gone.ts";
import { closeGently } from "./close-gently.ts";
import { discard, sendResponse } from "./send-response.ts";
import { type Upgrade, upgradeRequired } from "./upgrade.ts";

/** How long the rest of an unread body is taken and thrown away once the answer is out. */
const LINGER_MS = 5_000;
const CF_JSON: Record<string, string> = {
  "1.0": `{"httpProtocol":"HTTP/1.0"}`,
  "1.1": `{"httpProtocol":"HTTP/1.1"}`,
};

/** One request and its answer on a connection. */
export class Exchange {
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #settings: HttpSettings;
  readonly #bodyDeadline: Deadline;
  readonly #writeDeadline: Deadline;
  readonly #gone = new ClientGone();
  readonly #onRefused: () => void;
  readonly #upgrade: Upgrade | undefined;
  #waitsForContinue: boolean;
  #body: RequestBody | null = null;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #accept = "";
  /** Nothing that the handler still answers is of use. */
  #over = false;

  constructor(
    message: IncomingMessage,
    response: ServerResponse,
    settings: HttpSettings,
    deadlines: Deadlines,
    about: {
      readonly waitsForContinue: boolean;
      readonly onRefused: () => void;
      readonly upgrade?: Upgrade;
    },
  ) {
    this.#message = message;
    this.#response = response;
    this.#settings = settings;
    this.#bodyDeadline = deadlines.create(() => this.#bodyLate());
    this.#writeDeadline = deadlines.create(() => this.#writeLate());
    this.#waitsForContinue = about.waitsForContinue;
    this.#onRefused = about.onRefused;
    this.#upgrade = about.upgrade;
  }

  get headSent(): boolean {
    return this.#response.headersSent;
  }

  /** Whether the request came whole, so that what follows on the connection is another one. */
  get received(): boolean {
    return this.#message.complete;
  }

  /** Takes the request to the handler and its answer back. Never rejects. */
  async run(head: RequestHead): Promise<void> {
    this.#accept = head.accept;
    if (head.bodyBytes > this.#settings.requestBodyBytes)
      return this.refuse({ status: 413, title: "Request body too large" });
    let body: EdgeBody = head.hasBody ? "" : null;
    if (head.bodyBytes > 0 && head.bodyBytes <= INLINE_BODY_BYTES && !this.#waitsForContinue) {
      this.#bodyDeadline.in(this.#settings.smallBodyTimeoutMs);
      const bytes = await gatherBody(this.#message);
      this.#bodyDeadline.clear();
      if (bytes === null || this.#over) return;
      body = asText(bytes, head.contentType);
    } else if (head.bodyBytes !== 0) {
      body = this.#streamBody();
    }
    const answer = await this.#ask(head, body);
    if (this.#over) {
      answer.socket?.refuse();
      discard(answer.body);
    } else this.#send(answer);
    endStep("written");
  }

  /** Answers a request that goes no further. */
  refuse(refusal: Refusal): void {
    this.#end();
    this.#onRefused();
    const page = errorPage(refusal.status, null, refusal.title, "", this.#accept);
    this.#response.shouldKeepAlive = false;
    if (!this.#message.complete) closeGently(this.#message.socket);
    this.#send({ ...page, outcome: "canceled" });
  }

  /** The connection is gone. */
  lost(): void {
    this.#bodyDeadline.clear();
    this.#writeDeadline.clear();
    this.#end();
    this.#reader?.cancel("the client disconnected").catch(() => {});
  }

  /** No other request shall follow on this connection. */
  closeAfter(): void {
    this.#response.shouldKeepAlive = false;
  }

  /** The answer is with the system. What is left of the request is of no use to anybody for long. */
  sent(): void {
    this.#writeDeadline.clear();
    if (this.#message.complete) return;
    if (this.#over || this.#body === null || this.#body.isOver) this.#linger();
    else this.#bodyDeadline.in(this.#settings.bodyIdleMs);
  }

  async #ask(head: RequestHead, body: EdgeBody): Promise<EdgeResponse> {
    try {
      return await this.#settings.handle({
        method: head.method,
        url: head.url,
        headers: head.headers + (this.#upgrade?.headers ?? ""),
        body,
        signal: this.#gone,
        cfJson: CF_JSON[this.#message.httpVersion] ?? "{}",
      });
    } catch {
      return failurePage("internalError", this.#accept);
    }
  }

  #send(given: EdgeResponse): void {
    const answer = given.socket === undefined ? given : this.#switch(given, given.socket);
    if (answer === null) return;
    // A client that was never told to go on may or may not send its body: what follows is ambiguous.
    if (this.#waitsForContinue) this.#response.shouldKeepAlive = false;
    if (answer.status === 413 && !this.#message.complete) {
      this.#response.shouldKeepAlive = false;
      closeGently(this.#message.socket);
    }
    const hooks = {
      idleMs: this.#settings.writeIdleMs,
      deadline: this.#writeDeadline,
      streaming: (reader: ReadableStreamDefaultReader<Uint8Array>) => {
        this.#reader = reader;
      },
      failed: () =>
        sendResponse(this.#message, this.#response, failurePage("exception", this.#accept), hooks),
      broken: () => this.#cut(),
    };
    try {
      sendResponse(this.#message, this.#response, answer, hooks);
    } catch {
      discard(answer.body);
      if (this.#response.headersSent) this.#cut();
      else hooks.failed();
    }
  }

  /** Completes a handshake. Gives what is to be sent where that cannot be. */
  #switch(answer: EdgeResponse, socket: EdgeSocket): EdgeResponse | null {
    try {
      if (this.#upgrade !== undefined) {
        this.#upgrade.accept(this.#response, answer, socket);
        return null;
      }
    } catch {
      socket.refuse();
      return failurePage("exception", this.#accept);
    }
    socket.refuse();
    return upgradeRequired(this.#accept);
  }

  #streamBody(): ReadableStream<Uint8Array> {
    this.#body = new RequestBody(this.#message, {
      maxBytes: this.#settings.requestBodyBytes,
      idleMs: this.#settings.bodyIdleMs,
      minBytesPerSecond: this.#settings.minBodyBytesPerSecond,
      deadline: this.#bodyDeadline,
      wanted: () => this.#continue(),
      tooLarge: () => {
        if (this.#response.headersSent) this.#cut();
        else this.refuse({ status: 413, title: "Request body too large" });
      },
      unwanted: () => {
        if (this.#response.writableFinished) this.#linger();
      },
    });
    return this.#body.stream;
  }

  #continue(): void {
    if (!this.#waitsForContinue || this.#response.headersSent) return;
    this.#waitsForContinue = false;
    this.#response.writeContinue();
  }

  #linger(): void {
    if (this.#message.complete) return;
    this.#message.resume();
    this.#bodyDeadline.in(LINGER_MS);
  }

  /** Takes the event away from the handler. */
  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#body?.fail();
    this.#gone.abort();
  }

  #bodyLate(): void {
    if (this.#message.complete) return;
    if (this.#response.headersSent) this.#message.socket.destroy();
    else this.refuse({ status: 408, title: "Request timed out" });
  }

  #writeLate(): void {
    // A pipelined answer has no socket before its turn has come.
    if (this.#response.socket === null && !this.#response.destroyed)
      this.#writeDeadline.in(this.#settings.writeIdleMs);
    else this.#message.socket.destroy();
  }

  /** Ends the connection so that no client can take the response for complete. */
  #cut(): void {
    const socket = this.#message.socket;
    if (this.#message.httpVersion === "1.0") socket.resetAndDestroy();
    else socket.destroy();
  }
}
