import { abortInternals } from "../abort/abort-signal.ts";
import type { AbortSignal } from "../abort/abort-signal.ts";
import { INLINE_BODY_BYTES } from "../contract/bounds.ts";
import { RUNTIME_SLOT } from "../contract/boot.ts";
import { Op } from "../contract/calls.ts";
import { BodyKind } from "../contract/flat.ts";
import type { Flat, FlatHeaders } from "../contract/flat.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import { contentOfUrl } from "../form-data/late-forms.ts";
import { io, type PendingCall } from "../io/io.ts";
import { arrayJoin, arrayPush } from "../primordials/array.ts";
import { typedLength } from "../primordials/bytes.ts";
import { promiseHandled } from "../primordials/promise.ts";
import {
  stringIncludes,
  stringIndexOf,
  stringSlice,
  stringSplit,
  stringStartsWith,
  stringToLowerCase,
} from "../primordials/string.ts";
import { bytesStream } from "../streams/bytes-stream.ts";
import { streamCancel } from "../streams/stream-state.ts";
import type { ByteStream } from "../streams/stream-state.ts";
import { connectedSocket } from "../websocket/connected-socket.ts";
import { socketHooks } from "../websocket/socket-hooks.ts";
import { hostBodyStream, makeBody, rememberSource, streamBody } from "./body.ts";
import type { Body, TakenBody } from "./body.ts";
import { headersForMode } from "./cache-mode.ts";
import { parseDataUrl } from "./data-url.ts";
import { isBytes, takeRequest } from "./internal.ts";
import type { TakenRequest } from "./internal.ts";
import { Request } from "./request.ts";
import type { RequestInit } from "./request-init.ts";
import { responseOf } from "./response.ts";
import type { Response } from "./response.ts";
import { passBody } from "./twin-body.ts";

type Stream = Parameters<typeof io.sendStream>[0];

function sendStream(stream: ByteStream): readonly [number, number] {
  return [BodyKind.stream, io.sendStream(stream as unknown as Stream)];
}

/** A body as the two values of a call: whole if it is small, else as a stream or a reference. */
export function flattenBody(body: TakenBody): readonly [kind: number, value: Flat] {
  if (body === null) return [BodyKind.none, null];
  if (typeof body === "string") {
    // No character takes more than three bytes of UTF-8.
    if (body.length * 3 <= INLINE_BODY_BYTES) return [BodyKind.text, body];
    return flattenBody(utf8Encode(body));
  }
  if (isBytes(body)) {
    if (typedLength(body) <= INLINE_BODY_BYTES) return [BodyKind.bytes, body];
    return sendStream(bytesStream(() => body));
  }
  if ("ref" in body) return passBody(body.ref);
  return sendStream(body.stream);
}

/** Lets go of a body that is not sent. */
function dropBody(body: TakenBody, reason: unknown): void {
  if (body !== null && typeof body === "object" && "stream" in body)
    promiseHandled(streamCancel(body.stream, reason));
}

/** The body of a reply. If `signal` can abort, a stream that fails with it. */
export function replyBody(
  kind: Flat | undefined,
  value: Flat | undefined,
  signal: AbortSignal | undefined,
): Body | null {
  if (kind === BodyKind.none) return null;
  if (kind !== BodyKind.stream) return makeBody(value as string | Uint8Array<ArrayBuffer>, false);
  const host = io.hostBody(value as number);
  if (signal === undefined) return makeBody(host, false);
  const stream = hostBodyStream(host, (fail) => abortInternals.onAbort(signal, () => fail(signal.reason)));
  rememberSource(stream, host, false);
  return streamBody(stream);
}

function callFetch(
  slot: number,
  { method, headers: given, body, redirect, spelled, idle }: TakenRequest,
  url: string,
): PendingCall {
  const { cache, integrity, mode, referrer, referrerPolicy } = idle;
  const headers = headersForMode(given, cache);
  const [kind, value] = flattenBody(body);
  const follows = redirect === "follow" && mode === "same-origin" ? "sameOrigin" : redirect;
  const args: Flat[] = [method, url, headers, kind, value, follows];
  const isSpelled = spelled.length > 0;
  const hasReferrer = referrer !== "about:client" && referrer !== "";
  if (integrity !== "" || hasReferrer || isSpelled) arrayPush(args, integrity);
  if (hasReferrer) arrayPush(args, referrer, referrerPolicy);
  else if (isSpelled) arrayPush(args, "", "");
  if (isSpelled) arrayPush(args, arrayJoin(spelled, "\n"));
  return io.call(slot, Op.fetch, args);
}

/** Whether a request has the header that asks for a WebSocket. */
function asksForWebSocket(headers: FlatHeaders): boolean {
  if (!stringIncludes(headers, "upgrade\n")) return false;
  const lines = stringSplit(headers, "\n");
  for (let i = 0; i + 1 < lines.length; i += 2)
    if (lines[i] === "upgrade" && stringToLowerCase(lines[i + 1] as string) === "websocket") return true;
  return false;
}

async function fetchHttp(slot: number, request: TakenRequest): Promise<Response> {
  const { method, signal } = request;
  const hash = stringIndexOf(request.url, "#");
  const url = hash < 0 ? request.url : stringSlice(request.url, 0, hash);
  const call =
    method === "GET" && asksForWebSocket(request.headers)
      ? io.call(slot, Op.connect, [url, request.headers, false])
      : callFetch(slot, request, url);
  const takeBack =
    signal === undefined ? undefined : abortInternals.onAbort(signal, () => call.cancel(signal.reason));
  let reply: readonly Flat[];
  try {
    reply = await call.promise;
  } finally {
    takeBack?.();
  }
  const connected = reply[3] === BodyKind.socket ? connectedSocket(reply) : undefined;
  return responseOf({
    status: reply[0] as number,
    statusText: reply[1] as string,
    headers: reply[2] as string,
    guard: "immutable",
    body: connected === undefined ? replyBody(reply[3], reply[4], signal) : null,
    webSocket: connected === undefined ? null : socketHooks().fromFetch(connected.link, connected.protocol),
    url: reply[5] as string,
    redirected: reply[6] as boolean,
    type: "basic",
  });
}

function fetchData({ method, url, idle: { integrity } }: TakenRequest): Response {
  if (integrity !== "")
    throw new TypeError("Fetch API cannot load: integrity is checked for http and https only");
  const data = parseDataUrl(url);
  if (data === undefined) throw new TypeError("Fetch API cannot load: the data: URL is malformed");
  return responseOf({
    status: 200,
    statusText: "OK",
    headers: `content-type\n${data.contentType}`,
    guard: "immutable",
    body: method === "HEAD" ? null : makeBody(data.bytes, false),
    url,
    redirected: false,
    type: "basic",
  });
}

function fetchBlob({ method, url }: TakenRequest): Response {
  const content = method === "GET" ? contentOfUrl(url) : undefined;
  if (content === undefined)
    throw new TypeError("Fetch API cannot load: no blob is behind the URL, or the method is not GET");
  return responseOf({
    status: 200,
    statusText: "OK",
    headers: `content-length\n${typedLength(content.bytes)}\ncontent-type\n${content.type}`,
    guard: "immutable",
    body: makeBody(content.bytes, true),
    url,
    redirected: false,
    type: "basic",
  });
}

/** The request of a fetch. @throws the reason of its signal if that has aborted */
function takeLive(input: Request | string, init: RequestInit | undefined): TakenRequest {
  const request = takeRequest(new Request(input, init));
  if (!request.signal?.aborted) return request;
  const { reason } = request.signal;
  dropBody(request.body, reason);
  throw reason;
}

/** Asks whoever is behind a slot, as {@link fetch} asks the network. */
export async function fetchThrough(
  slot: number,
  input: Request | string,
  init: RequestInit | undefined,
): Promise<Response> {
  const request = takeLive(input, init);
  const { url } = request;
  if (stringStartsWith(url, "http:") || stringStartsWith(url, "https:"))
    return await fetchHttp(slot, request);
  dropBody(request.body, undefined);
  throw new TypeError(`Fetch API cannot load: ${stringSlice(url, 0, 200)}`);
}

/**
 * Fetches over the host. Rejects with a TypeError for other schemes than http, https, data and blob, and
 * with the signal's reason when it aborts.
 */
export async function fetch(input: Request | string, init?: RequestInit): Promise<Response> {
  if (arguments.length === 0) throw new TypeError("Cannot fetch: 1 argument required, 0 given");
  const request = takeLive(input, init);
  const { url } = request;
  // `await` takes the promise as it is; returning it would look for its `then`, which may be patched.
  if (stringStartsWith(url, "http:") || stringStartsWith(url, "https:"))
    return await fetchHttp(RUNTIME_SLOT, request);
  if (stringStartsWith(url, "blob:")) return fetchBlob(request);
  if (stringStartsWith(url, "data:")) return fetchData(request);
  throw new TypeError(`Fetch API cannot load: ${stringSlice(url, 0, 200)}`);
}
