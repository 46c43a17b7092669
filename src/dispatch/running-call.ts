import type { Flat } from "../../runtime-api/contract/flat.ts";
import { BodyKind } from "../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { CallError, type CallContext, type IsolateScope } from "../bindings/binding.ts";
import { Invocations } from "../limits/invocations.ts";
import type { Limits } from "../limits/limits.ts";
import type { Version } from "../versions/version.ts";
import type { MessageSocket } from "../websocket/message-socket.ts";
import type { EventIntro } from "./event-host.ts";
import type { EventSockets } from "./event-sockets.ts";
import type { InboundStreams } from "./inbound-streams.ts";
import type { OutboundStreams } from "./outbound-streams.ts";

/** What the calls of one event share. */
export interface CallScope {
  readonly event: number;
  readonly version: Version;
  readonly isolate: IsolateScope;
  readonly intro: Pick<EventIntro, "depth" | "invocations">;
  /** The count that all of them share, once one needs it. */
  invocations?: Invocations;
  /** Give the streams of the event, which are made when one is needed. */
  readonly inbound: () => InboundStreams;
  readonly outbound: () => OutboundStreams;
  readonly sockets: () => EventSockets;
  readonly send: (message: InMessage) => void;
}

/** One call of an event, as its binding sees it. */
export class RunningCall implements CallContext {
  readonly event: object;
  readonly #scope: CallScope;
  /** Made for a binding that asks for the signal: many answer at once. */
  #controller: AbortController | null = null;
  #withdrawn: DOMException | null = null;

  /** @param event stands for the event */
  constructor(scope: CallScope, event: object) {
    this.#scope = scope;
    this.event = event;
  }

  get account(): string {
    return this.#scope.version.account;
  }

  get worker(): string {
    return this.#scope.version.worker;
  }

  get versionId(): string {
    return this.#scope.version.id;
  }

  get limits(): Limits {
    return this.#scope.version.limits;
  }

  get depth(): number {
    return this.#scope.intro.depth;
  }

  get invocations(): Invocations {
    return (this.#scope.invocations ??= this.#scope.intro.invocations ?? new Invocations());
  }

  get isolate(): IsolateScope {
    return this.#scope.isolate;
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#withdrawn !== null) this.#controller.abort(this.#withdrawn);
    }
    return this.#controller.signal;
  }

  /** Nobody wants the answer any more. */
  withdraw(): void {
    this.#withdrawn = new DOMException("the worker withdrew the call", "AbortError");
    this.#controller?.abort(this.#withdrawn);
  }

  charge(cpuUs: number): void {
    this.#scope.send({ type: In.charge, event: this.#scope.event, cpuUs });
  }

  openStream(source: ReadableStream<Uint8Array>): number {
    // Nobody would ever let go of what is opened once the event is over.
    if (this.#withdrawn === null) return this.#scope.inbound().open(source);
    source.cancel(this.#withdrawn).catch(() => {}); // the source's own failure
    throw withdrawn();
  }

  openSocket(connection: MessageSocket): number {
    if (this.#withdrawn === null) return this.#scope.sockets().open(connection);
    connection.terminate();
    throw withdrawn();
  }

  readBody(
    kind: Flat | undefined,
    value: Flat | undefined,
  ): string | Uint8Array | ReadableStream<Uint8Array> | null {
    const { inbound, outbound } = this.#scope;
    if (kind === BodyKind.none) return null;
    if (kind === BodyKind.text && typeof value === "string") return value;
    if (kind === BodyKind.bytes && value instanceof Uint8Array) return value;
    if (kind === BodyKind.stream && typeof value === "number") return outbound().open(value, () => {});
    let taken: ReadableStream<Uint8Array> | null = null;
    if (kind === BodyKind.ref && typeof value === "number") taken = inbound().take(value);
    // The worker may wait for the call before it reads the rest: the call fails then, and it can go on.
    if (kind === BodyKind.copy && typeof value === "number") taken = inbound().copy(value, "reader");
    if (taken === null) throw new CallError("TypeError", "This body has been used already.");
    return taken;
  }
}

function withdrawn(): CallError {
  return new CallError("Error", "The call was withdrawn");
}
