import { INLINE_BODY_BYTES } from "../../../runtime-api/contract/bounds.ts";
import { Op } from "../../../runtime-api/contract/calls.ts";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { EgressError } from "../../egress/egress-error.ts";
import { type OutboundRequest, readOutboundRequest } from "../../egress/outbound-request.ts";
import { followRedirect, isRedirect } from "../../egress/redirect.ts";
import { type Binding, CallError, type CallContext } from "../binding.ts";
import { isSafeMethod } from "../safe-method.ts";

const MAX_DEPTH = 16;
const MAX_REDIRECTS = 20;

/** Which worker a binding leads to. */
export interface ServiceTarget {
  readonly account: string;
  readonly worker: string;
  /** A named export; the empty name is the default one. */
  readonly entrypoint: string;
  /** JSON of `ctx.props`. */
  readonly propsJson: string;
}

/** A request to another worker of the account. */
export interface ServiceRequest {
  readonly method: string;
  readonly url: string;
  /** Flat. */
  readonly headers: string;
  readonly body: OutboundRequest["body"];
  readonly signal: AbortSignal;
}

/** Its answer. `failure` says how the worker failed to give one. */
export interface ServiceAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: string;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null;
  readonly failure: string | null;
}

/** Asks a worker, or says that it is not there (null). */
export type AskService = (target: ServiceTarget, request: ServiceRequest) => Promise<ServiceAnswer | null>;

/**
 * A binding that leads to another worker of the account, without leaving the host.
 * @param ask handed in by the layers above, which know the workers
 */
export function createServiceBinding(target: ServiceTarget, ask: AskService): Binding {
  return {
    async call(op: string, args: readonly Flat[], context: CallContext): Promise<readonly Flat[]> {
      if (op === Op.connect)
        throw new CallError("Error", "WebSockets through a service binding are not supported yet.");
      if (op !== Op.fetch)
        throw new CallError("TypeError", `a service has no operation "${op.slice(0, 64)}"`);
      if (context.depth >= MAX_DEPTH)
        throw new CallError(
          "TypeError",
          "Cannot fetch: the request went through too many workers, which looks like a loop",
        );
      try {
        return await follow(target, ask, args, context);
      } catch (error) {
        if (error instanceof EgressError) throw new CallError(error.errorName, error.message);
        throw error;
      }
    },
    writes: (op, [method]) => !(op === Op.fetch && isSafeMethod(method)),
  };
}

async function follow(
  target: ServiceTarget,
  ask: AskService,
  args: readonly Flat[],
  context: CallContext,
): Promise<readonly Flat[]> {
  const { redirect, integrity: _none, ...first } = readOutboundRequest(args, context);
  let request: OutboundRequest = first;
  for (let hops = 0; ; hops++) {
    const { method, url, headers, body } = request;
    const flat = headers.join("\n");
    const answer = await ask(target, { method, url: url.href, headers: flat, body, signal: context.signal });
    if (answer === null)
      throw new CallError(
        "Error",
        `The worker "${target.worker}" that this service binding leads to is not deployed.`,
      );
    if (answer.failure !== null) {
      drop(answer);
      throw new CallError("Error", `The worker "${target.worker}" failed to answer: ${answer.failure}`);
    }
    const location = redirect === "manual" || !isRedirect(answer.status) ? null : locationOf(answer.headers);
    if (location === null) return reply(answer, url.href, hops > 0, context);
    drop(answer);
    if (redirect === "error")
      throw new CallError("TypeError", "Cannot fetch: the worker answered with a redirect");
    if (hops >= MAX_REDIRECTS) throw new CallError("TypeError", "Cannot fetch: too many redirects");
    request = followRedirect(request, answer.status, location);
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

function drop({ body }: ServiceAnswer): void {
  if (body instanceof ReadableStream) body.cancel().catch(() => {});
}

function locationOf(headers: string): string | null {
  const lines = headers.split("\n");
  for (let i = 0; i + 1 < lines.length; i += 2)
    if (lines[i]!.toLowerCase() === "location") return lines[i + 1]!;
  return null;
}
