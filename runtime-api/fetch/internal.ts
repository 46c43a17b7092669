import type { AbortSignal } from "../abort/abort-signal.ts";
import type { FlatHeaders } from "../contract/flat.ts";
import type { HostBody } from "../io/io.ts";
import { typedArrayKind } from "../primordials/bytes.ts";
import { isUnusable, makeBody, sendBody } from "./body.ts";
import type { Body, TakenBody } from "./body.ts";
import { withKnownLength } from "./known-length.ts";
import type { Request } from "./request.ts";
import { requestInsides, requestOf } from "./request.ts";
import type { IdleMembers, RequestRedirect } from "./request-init.ts";
import { responseInsides } from "./response.ts";

export { setBodyCap } from "./body.ts";

/** A response as it goes out; its body is the caller's now, and bytes of it must never be detached. */
export interface TakenResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: FlatHeaders;
  readonly body: TakenBody;
  /** In place of a body where the status is 101. */
  readonly webSocket: object | null;
  /** The body is in the form that `Content-Encoding` names: the worker encoded it itself. */
  readonly isCoded: boolean;
}

/** A request as it goes out. */
export interface TakenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: FlatHeaders;
  readonly body: TakenBody;
  /** Names of headers as the worker wrote them, if not in lower case. */
  readonly spelled: readonly string[];
  readonly redirect: RequestRedirect;
  readonly signal: AbortSignal | undefined;
  readonly idle: IdleMembers;
}

/**
 * Makes the request of a fetch event. Nothing is parsed: neither URL nor headers, and `cfJson` (a
 * JSON text, or empty) when `cf` is read.
 */
export function makeRequest(
  method: string,
  url: string,
  headers: FlatHeaders,
  body: null | string | Uint8Array | HostBody,
  signal: AbortSignal,
  cfJson: string,
): Request {
  return requestOf({
    method,
    url,
    headers,
    guard: "immutable",
    body:
      body === null
        ? null
        : makeBody(body as Exclude<typeof body, Uint8Array> | Uint8Array<ArrayBuffer>, false),
    // As on Workers, so that a proxy hands redirects on to its client.
    redirect: "manual",
    signal,
    cfJson,
  });
}

function requireUsable(body: Body | null): void {
  if (body !== null && isUnusable(body)) {
    throw new TypeError(
      "Body has already been used. It can only be used once. Use tee() first if you need to read it twice.",
    );
  }
}

/**
 * Takes what a handler returned apart and uses its body up.
 *
 * @throws TypeError where it is no Response, is a network error, or its body was used or is locked
 */
export function takeResponse(value: unknown): TakenResponse {
  const response = responseInsides(value);
  if (response === undefined)
    throw new TypeError("Incorrect type for Promise: the Promise did not resolve to 'Response'.");
  if (response.status === 0)
    throw new TypeError("Cannot answer with Response.error(): it stands for a network error.");
  requireUsable(response.body);
  const body = sendBody(response.body);
  return {
    status: response.status,
    statusText: response.statusText,
    headers: withKnownLength(response.headers, body),
    body,
    webSocket: response.webSocket,
    isCoded: response.isCoded,
  };
}

/**
 * Takes a request apart and uses its body up, for whoever sends it.
 *
 * @throws TypeError where it is no Request, or its body was used or is locked
 */
export function takeRequest(value: unknown): TakenRequest {
  const request = requestInsides(value);
  if (request === undefined) throw new TypeError("Incorrect type: the value is not of type 'Request'.");
  requireUsable(request.body);
  const body = sendBody(request.body);
  return {
    method: request.method,
    url: request.url,
    headers: withKnownLength(request.headers, body),
    body,
    spelled: request.spelled,
    redirect: request.redirect,
    signal: request.signal,
    idle: request.idle,
  };
}

/** Whether a body that goes out is an array of bytes. */
export function isBytes(body: TakenBody): body is Uint8Array<ArrayBuffer> {
  return typedArrayKind(body) === "Uint8Array";
}
