import { BodyKind } from "../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import type { Out, OutMessage } from "../../runtime-api/contract/out.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { Acquired } from "../warm/group.ts";
import type { EdgeBody, EdgeRequest, EdgeResponse } from "./edge.ts";
import { failureResponse } from "./failure-response.ts";
import { outgoingBody } from "./outgoing-body.ts";
import { flatHeader } from "./flat-header.ts";
import { isSafeMethod } from "../bindings/safe-method.ts";
import type { Again, StartFailed } from "../warm/event-sink.ts";
import type { EventHost, EventIntro } from "./event-host.ts";
import { RunningEvent } from "./running-event.ts";

/** What came of a request in an isolate: an answer, or nothing because the isolate was lost or never started. */
export type FetchResult = EdgeResponse | Again | StartFailed;

/** One request in one isolate. */
export class FetchEvent extends RunningEvent {
  readonly #request: EdgeRequest;
  readonly #account: string;
  readonly #admission: EventHost["admission"];
  readonly #answer = Promise.withResolvers<FetchResult>();
  readonly #onAbort = (): void => this.#clientGone();
  #status: number | null = null;
  /** The stream of the request's body, where it is the client's own and not made of something kept. */
  #bodyStream: number | null = null;
  /** The response's body is on its way to the client. */
  #sending = false;
  /** The isolate said that the event is over. */
  #endSaid: Outcome | null = null;

  constructor(host: EventHost, intro: EventIntro, acquired: Acquired, request: EdgeRequest) {
    super(host, intro, acquired);
    this.#request = request;
    this.#account = acquired.isolate.version.account;
    this.#admission = host.admission;
  }

  /** Sends the request in, and resolves with the head of the answer. Never rejects. */
  run(): Promise<FetchResult> {
    const { method, url, headers, body, cfJson, signal, entry } = this.#request;
    const event = this.event;
    const flatBody = outgoingBody(body, () => this.inbound);
    if (body instanceof ReadableStream && flatBody[0] === BodyKind.stream) this.#bodyStream = flatBody[1];
    const record: InMessage = { type: In.fetch, event, method, url, headers, body: flatBody, cfJson };
    if (entry === undefined) this.send(record);
    else this.send({ type: In.entry, event, ...entry }, record);
    if (signal.aborted) this.#clientGone();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
    return this.#answer.promise;
  }

  protected get responded(): boolean {
    return this.#status !== null;
  }

  protected get status(): number | null {
    return this.#status;
  }

  protected head(message: OutMessage & { type: typeof Out.head }): void {
    const { status, statusText, headers, isCoded } = message;
    this.#status = status;
    if (message.body[0] === BodyKind.socket) return this.#switch(message, message.body[1]);
    const body = this.#body(message);
    if (body === undefined) return this.stop("internalError");
    if (!this.#sending) this.responseDone();
    this.#answer.resolve({
      status,
      statusText,
      headers,
      body,
      outcome: "ok",
      isPlain: !isCoded,
      account: this.#account,
      spent: (cpuUs) => void this.#admission.spent(this.#admission.loadOf(this.#account), cpuUs),
    });
  }

  /** The answer is a WebSocket: the event goes on as long as it is open. */
  #switch({ status, statusText, headers }: OutMessage & { type: typeof Out.head }, id: number): void {
    const socket = this.sockets.respond(id, () => this.#sent(true));
    if (socket === null) return this.stop("internalError");
    this.#sending = true;
    this.held();
    this.#answer.resolve({ status, statusText, headers, body: null, outcome: "ok", socket });
  }

  protected canBegin(again: Again): boolean {
    const { method, signal } = this.#request;
    if (this.#status !== null) return false;
    if (this.#bodyStream !== null && !this.inbound.isUntouched(this.#bodyStream)) return false;
    return again === "restart" || (isSafeMethod(method) && !signal.aborted);
  }

  protected override end(outcome: Outcome, again: Again | StartFailed | null = null): void {
    // A body that the worker passed on untouched still flows when the worker is done with the event.
    if (this.#sending && outcome === "ok") {
      this.#endSaid = outcome;
      // The worker is gone: nobody will read what it kept, and a copy of that need not wait.
      this.cancelCopied("the event is over");
      return;
    }
    // It is the body of the next attempt.
    if (again !== null && this.#bodyStream !== null) this.inbound.giveBack(this.#bodyStream);
    super.end(outcome, again);
  }

  protected over(outcome: Outcome, again: Again | StartFailed | null): void {
    this.#request.signal.removeEventListener("abort", this.#onAbort);
    if (again !== null) this.#answer.resolve(again);
    else if (this.#status === null) {
      const failure = failureResponse(
        outcome === "ok" ? "internalError" : outcome,
        flatHeader(this.#request.headers, "accept"),
      );
      this.#status = failure.status;
      this.#answer.resolve(failure);
    }
  }

  #body(message: OutMessage & { type: typeof Out.head }): EdgeBody | undefined {
    const [kind, value] = message.body;
    if (kind === BodyKind.none) return null;
    if (kind === BodyKind.text || kind === BodyKind.bytes) return value;
    if (kind === BodyKind.stream) {
      this.#sending = true;
      return this.outbound.open(value, (ok) => this.#sent(ok));
    }
    const onEnd = (ok: boolean): void => this.#sent(ok);
    const source =
      kind === BodyKind.copy ? this.inbound.copy(value, "other", onEnd) : this.inbound.take(value, onEnd);
    if (source === null) return undefined;
    this.#sending = true;
    return source;
  }

  #sent(ok: boolean): void {
    this.#sending = false;
    if (!ok && this.#request.signal.aborted) this.note("canceled");
    this.responseDone();
    if (this.#endSaid !== null) this.end(this.#endSaid);
  }

  #clientGone(): void {
    if (this.responded && !this.#sending) return;
    this.note("canceled");
    this.send({ type: In.abort, event: this.event, reason: "The client disconnected" });
    this.responseDone();
  }
}
