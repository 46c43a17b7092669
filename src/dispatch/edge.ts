import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";
import type { Outcome } from "../outcome/outcome.ts";

/** A body on the host's side. A stream is read lazily and cancelled when nobody wants it. */
export type EdgeBody = string | Uint8Array | ReadableStream<Uint8Array> | null;

/** A request on its way to a worker, whatever brought it: a socket, `host.fetch`, a service binding. */
export interface EdgeRequest {
  readonly method: string;
  /** Absolute, `http:` or `https:`. */
  readonly url: string;
  readonly headers: FlatHeaders;
  readonly body: EdgeBody;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  /** `request.cf` as JSON. */
  readonly cfJson: string;
}

/** The answer. `outcome` is what is known when the head is out; the event may still end otherwise. */
export interface EdgeResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: FlatHeaders;
  readonly body: EdgeBody;
  readonly outcome: Outcome;
}

/** Answers a request. Never rejects: failures are answers with their own status and outcome. */
export type HandleRequest = (request: EdgeRequest) => Promise<EdgeResponse>;
