import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";
import type { Invocations } from "../limits/invocations.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { MessageSocket } from "../websocket/message-socket.ts";

/** A body on the host's side. A stream is read lazily and cancelled when nobody wants it. */
export type EdgeBody = string | Uint8Array | ReadableStream<Uint8Array> | null;

/** Tells that a client went away: an `AbortSignal`, or what costs less and can no more. */
export interface GoneSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once: true }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A request on its way to a worker, whatever brought it: a socket, `host.fetch`, a service binding. */
export interface EdgeRequest {
  readonly method: string;
  /** Absolute, `http:` or `https:`. */
  readonly url: string;
  readonly headers: FlatHeaders;
  readonly body: EdgeBody;
  /** Aborts when the client goes away. */
  readonly signal: GoneSignal;
  /** `request.cf` as JSON. */
  readonly cfJson: string;
  /** The workers that the request has called so far, where a worker sends it. */
  readonly invocations?: Invocations;
  /** A named export that answers in place of the default one, and what it finds in `ctx.props`, as JSON. */
  readonly entry?: { readonly name: string; readonly propsJson: string };
}

/** A worker's answer to an upgrade. Whoever gets it calls one of its methods, once. */
export interface EdgeSocket {
  /** Longest message that the client may send. */
  readonly maxMessageBytes: number;
  /** Whether the client's frames may come unmasked, against RFC 6455. No worker's may. @default false */
  readonly takesUnmasked?: boolean;
  /** The handshake with the client is done. */
  connect(client: MessageSocket): void;
  /** There will be no connection: it was not asked for, or the client is gone. */
  refuse(): void;
}

/** The answer. `outcome` is what is known when the head is out; the event may still end otherwise. */
export interface EdgeResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: FlatHeaders;
  readonly body: EdgeBody;
  readonly outcome: Outcome;
  /** The body is plain: whoever sends it over a wire brings it into the form that its `Content-Encoding` names. */
  readonly isPlain?: boolean;
  /** Whose worker answers: what it takes to send a plain body in another form is counted for it. */
  readonly account?: string;
  /** Hears what that costs the host's threads, in microseconds of CPU. */
  readonly spent?: (cpuUs: number) => void;
  /** With status 101, which nothing else has. */
  readonly socket?: EdgeSocket;
}

/** Answers a request. Never rejects: failures are answers with their own status and outcome. */
export type HandleRequest = (request: EdgeRequest) => Promise<EdgeResponse>;
