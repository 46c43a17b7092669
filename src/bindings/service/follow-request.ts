import { INLINE_BODY_BYTES } from "../../../runtime-api/contract/bounds.ts";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { EgressError } from "../../egress/egress-error.ts";
import { type OutboundRequest, readOutboundRequest } from "../../egress/outbound-request.ts";
import { followRedirect, isRedirect } from "../../egress/redirect.ts";
import { readSocketRequest } from "../../egress/socket-request.ts";
import type { Invocations } from "../../limits/invocations.ts";
import type { MessageSocket } from "../../websocket/message-socket.ts";
import { socketPair } from "../../websocket/socket-pair.ts";
import { CallError, type CallContext } from "../binding.ts";

/** Workers that a request may come through. */
const MAX_DEPTH = 16;
const MAX_REDIRECTS = 20;

/** A request to somebody within the host. */
export interface ServiceRequest {
  readonly method: string;
  readonly url: string;
  /** Flat. */
  readonly headers: string;
  readonly body: OutboundRequest["body"];
  readonly signal: AbortSignal;
  /** What the request has called so far. */
  readonly invocations: Invocations;
}

/** An answer's WebSocket: one of its methods is to be called, once. */
export interface ServiceSocket {
  readonly maxMessageBytes: number;
  connect(client: MessageSocket): void;
  refuse(): void;
}

/** The answer. */
export interface ServiceAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: string;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null;
  /** With status 101. */
  readonly socket?: ServiceSocket;
}

/** Answers a request; throws a {@link CallError} where it cannot. */
export type AskRequest = (request: ServiceRequest) => Promise<ServiceAnswer>;

/**
 * Answers a `fetch` call of an isolate by asking somebody within the host, who is asked again where he answers with a
 * redirect.
 * @throws CallError
 */
export async function followRequest(
  args: readonly Flat[],
  context: CallContext,
  ask: AskRequest,
): Promise<readonly Flat[]> {
  return await inDepth(context, async () => {
    const { redirect, integrity: _none, ...first } = readOutboundRequest(args, context);
    let request: OutboundRequest = first;
    for (let hops = 0; ; hops++) {
      const { method, url, headers, body } = request;
      const { signal, invocations } = context;
      const answer = await ask({
        method,
        url: url.href,
        headers: headers.join("\n"),
        body,
        signal,
        invocations,
      });
      answer.socket?.refuse();
      const isFollowed = redirect !== "manual" && isRedirect(answer.status);
      const location = isFollowed ? locationOf(answer.headers) : null;
      if (location === null) return reply(answer, url.href, hops > 0, context);
      dropBody(answer);
      if (redirect === "error")
        throw new CallError("TypeError", "Cannot fetch: the worker answered with a redirect");
      if (hops >= MAX_REDIRECTS) throw new CallError("TypeError", "Cannot fetch: too many redirects");
      request = followRedirect(request, answer.status, location);
    }
  });
}

/**
 * Answers a `connect` call: a WebSocket whose other end is within the host, or the answer where that will have none.
 * @throws CallError
 */
export async function connectWithin(
  args: readonly Flat[],
  context: CallContext,
  ask: AskRequest,
): Promise<readonly Flat[]> {
  return await inDepth(context, async () => {
    const { url, headers } = readSocketRequest(args, context);
    const answer = await ask({
      method: "GET",
      url: url.href,
      headers: headers.join("\n"),
      body: null,
      signal: context.signal,
      invocations: context.invocations,
    });
    const { status, statusText, socket } = answer;
    if (socket === undefined) return reply(answer, url.href, false, context);
    const [theirs, ours] = socketPair(socket.maxMessageBytes, context.limits.socketMessageBytes);
    let id: number;
    try {
      id = context.openSocket(ours);
    } catch (error) {
      socket.refuse();
      throw error;
    }
    socket.connect(theirs);
    return [status, statusText, answer.headers, BodyKind.socket, id, url.href, false];
  });
}

/** Lets go of an answer that nobody takes. */
export function dropBody({ body }: Pick<ServiceAnswer, "body">): void {
  if (body instanceof ReadableStream) body.cancel().catch(() => {});
}

async function inDepth<T>({ depth }: CallContext, run: () => Promise<T>): Promise<T> {
  if (depth >= MAX_DEPTH)
    throw new CallError(
      "TypeError",
      "Cannot fetch: the request went through too many workers, which looks like a loop",
    );
  try {
    return await run();
  } catch (error) {
    if (error instanceof EgressError) throw new CallError(error.errorName, error.message);
    throw error;
  }
}

function reply(
  { status, statusText, headers, body }: ServiceAnswer,
  url: string,
  redirected: boolean,
  context: CallContext,
): readonly Flat[] {
  const head = [status, statusText, headers];
  if (body === null) return [...head, BodyKind.none, null, url, redirected];
  if (typeof body === "string" && body.length * 3 <= INLINE_BODY_BYTES)
    return [...head, BodyKind.text, body, url, redirected];
  if (body instanceof Uint8Array && body.length <= INLINE_BODY_BYTES)
    return [...head, BodyKind.bytes, body, url, redirected];
  const stream =
    body instanceof ReadableStream ? body : new Response(body as string | Uint8Array<ArrayBuffer>).body!;
  return [...head, BodyKind.stream, context.openStream(stream), url, redirected];
}

function locationOf(headers: string): string | null {
  const lines = headers.split("\n");
  for (let i = 0; i + 1 < lines.length; i += 2)
    if (lines[i]!.toLowerCase() === "location") return lines[i + 1]!;
  return null;
}
