import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { Op } from "../../../runtime-api/contract/calls.ts";
import { bodyStream } from "../../cache/body-stream.ts";
import { CacheError } from "../../cache/cache-error.ts";
import type { CacheHit, CacheRequest, ResponseCache } from "../../cache/response-cache.ts";
import { CallError, type CallContext } from "../binding.ts";

/** Whether an operation of the runtime's slot is one of the Cache API. */
export function isCacheOp(op: string): boolean {
  return op === Op.cacheMatch || op === Op.cachePut || op === Op.cacheDelete;
}

/**
 * Answers a call of the Cache API, see `runtime-api/contract/calls.ts`. The account is that of the isolate.
 * @throws {CallError} for what the worker shall see.
 */
export async function answerCacheCall(
  cache: ResponseCache,
  op: string,
  args: readonly Flat[],
  context: CallContext,
): Promise<readonly Flat[]> {
  try {
    if (op === Op.cachePut) return await put(cache, args, context);
    const request = requestOf(args, context);
    if (op === Op.cacheDelete) return [await cache.delete(request)];
    const hit = await cache.match(request);
    return hit === null ? [false, 0, "", "", BodyKind.none, null] : reply(hit, context);
  } catch (error) {
    if (error instanceof CacheError) throw new CallError(error.errorName, error.message);
    throw error;
  }
}

async function put(
  cache: ResponseCache,
  args: readonly Flat[],
  context: CallContext,
): Promise<readonly Flat[]> {
  const [, , , status, statusText, headers, kind, value] = args;
  // Taken first: a stream that came with a call which fails must be told so.
  const body = context.readBody(kind, value);
  try {
    if (typeof status !== "number" || typeof statusText !== "string" || typeof headers !== "string")
      throw malformed();
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const response = { status, statusText, headers, body: bytes };
    return [await cache.put(requestOf(args, context), response, context.signal)];
  } catch (error) {
    if (body instanceof ReadableStream && !body.locked) body.cancel("the put failed").catch(() => {});
    throw brokenBody(error, context.signal);
  }
}

function reply(hit: CacheHit, context: CallContext): readonly Flat[] {
  const { status, statusText, headers, body, stored } = hit;
  if (body === null || stored.whole !== null || context.signal.aborted) stored.release();
  // The event is over: a stream opened now would have nobody to end it.
  context.signal.throwIfAborted();
  const head = [true, status, statusText, headers];
  if (body === null) return [...head, BodyKind.none, null];
  if (stored.whole !== null) return [...head, BodyKind.bytes, stored.whole.slice(body.start, body.end)];
  return [...head, BodyKind.stream, context.openStream(bodyStream(stored, body))];
}

function requestOf(args: readonly Flat[], { account }: CallContext): CacheRequest {
  const [cacheName = null, url, headers] = args;
  if (
    (cacheName !== null && typeof cacheName !== "string") ||
    typeof url !== "string" ||
    typeof headers !== "string"
  )
    throw malformed();
  return { account, cacheName, url, headers };
}

/** A body that broke off is the worker's own matter, or its origin's: its text came from there. */
function brokenBody(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof CacheError || error instanceof CallError || signal.aborted) return error;
  const text = error instanceof Error ? error.message : "";
  return new CallError("Error", `Unable to store response: its body could not be read to its end. ${text}`);
}

function malformed(): CallError {
  return new CallError("TypeError", "Cache: malformed call");
}
